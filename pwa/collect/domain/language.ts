/** The languages that the app itself speaks. Consent wordings have languages of their own, as projects write them. */
export const LANGUAGES = ['en', 'cy', 'ur'] as const;

export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name, and the tag that a page in it carries. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', cy: 'Cymraeg', ur: 'اردو' };
export const LANGUAGE_TAGS: Record<Language, string> = { en: 'en-GB', cy: 'cy', ur: 'ur' };

export function isLanguage(code: unknown): code is Language {
  return (LANGUAGES as readonly unknown[]).includes(code);
}

/** The first wanted language (BCP 47 tags, best first) that the app speaks; English when it speaks none of them. */
export function closestLanguage(wanted: readonly string[]): Language {
  const codes = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return codes.find(isLanguage) ?? 'en';
}

/** What its speakers call a language (BCP 47); the tag itself where the phone does not know. */
export function languageName(tag: string): string {
  try {
    const name = new Intl.DisplayNames([tag], { type: 'language', fallback: 'none' }).of(tag);
    return name ? name.charAt(0).toLocaleUpperCase(tag) + name.slice(1) : tag;
  } catch {
    return tag;
  }
}

const RIGHT_TO_LEFT = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** Which way a language (a BCP 47 tag) is written. A script in the tag counts before the language. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  const [code = '', ...rest] = tag.toLowerCase().split('-');
  const script = rest.find((part) => part.length === 4);
  if (script) return ['arab', 'hebr', 'nkoo', 'syrc', 'thaa'].includes(script) ? 'rtl' : 'ltr';
  return RIGHT_TO_LEFT.has(code) ? 'rtl' : 'ltr';
}
