/** Yes and no in the languages that wordings are written in, beside the app's own: [yes, no]. Keys are BCP 47. */
const ANSWERS: Record<string, readonly [string, string]> = {
  en: ['Yes', 'No'],
  cy: ['Cytuno', 'Ddim yn cytuno'],
  ur: ['ہاں', 'نہیں'],
  ar: ['نعم', 'لا'],
  bn: ['হ্যাঁ', 'না'],
  'zh-hans': ['同意', '不同意'],
  'zh-hant': ['同意', '不同意'],
  fr: ['Oui', 'Non'],
  gu: ['હા', 'ના'],
  hi: ['हाँ', 'नहीं'],
  ga: ['Aontaím', 'Ní aontaím'],
  it: ['Sì', 'No'],
  ckb: ['بەڵێ', 'نەخێر'],
  ps: ['هو', 'نه'],
  fa: ['بله', 'نه'],
  pl: ['Tak', 'Nie'],
  pt: ['Sim', 'Não'],
  pa: ['ਹਾਂ', 'ਨਹੀਂ'],
  ro: ['Da', 'Nu'],
  gd: ['Tha mi ag aontachadh', 'Chan eil mi ag aontachadh'],
  so: ['Haa', 'Maya'],
  es: ['Sí', 'No'],
  ta: ['ஆம்', 'இல்லை'],
  ti: ['እወ', 'ኣይፋል'],
  tr: ['Evet', 'Hayır'],
  uk: ['Так', 'Ні'],
  vi: ['Có', 'Không'],
  yi: ['יאָ', 'ניין'],
};

/** [yes, no] as whoever reads this language says them; null where we do not know. */
export function answersIn(language: string): readonly [string, string] | null {
  const tag = language.toLowerCase();
  return ANSWERS[tag] ?? ANSWERS[tag.split('-')[0]!] ?? null;
}
