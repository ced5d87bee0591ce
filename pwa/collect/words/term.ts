import { isLanguage, type Language } from '../domain/language';
import { counter, type Counted } from './counting';

/** How long a yes lasts, in the language that somebody agrees in rather than in that of the app. */
export interface TermWords {
  /** The language of the sentence (BCP 47); empty for the app's own. */
  language: string;
  sentences: readonly string[];
}

type Say = (months: number) => readonly string[];

const long = (language: Language, years: Counted, months: Counted) => {
  const count = counter(language);
  return (n: number) => (n % 12 === 0 ? count(n / 12, years) : count(n, months));
};
const inEnglish = long('en', { one: '# year', other: '# years' }, { one: '# month', other: '# months' });
const inWelsh = long('cy', { one: '# flwyddyn', two: '# flynedd', few: '# blynedd', many: '# blynedd', other: '# mlynedd' }, { two: '# fis', other: '# mis' });
const inUrdu = long('ur', { other: '# سال' }, { other: '# مہینے' });

const SAID: Record<Language, Say> = {
  en: (months) => [
    `Your yes lasts ${inEnglish(months)}.`,
    'After that we do nothing new with your story unless we ask you again.',
  ],
  cy: (months) => [
    // Four takes the form of three and six, which the plural rules of Welsh do not know of.
    `Mae eich ie yn para ${months === 48 ? '4 blynedd' : inWelsh(months)}.`,
    'Ar ôl hynny fyddwn ni ddim yn gwneud dim byd newydd â’ch stori heb ofyn i chi eto.',
  ],
  ur: (months) => [
    `آپ کی ہاں ${inUrdu(months)} تک رہے گی۔`,
    'اس کے بعد ہم آپ سے دوبارہ پوچھے بغیر آپ کی کہانی سے کوئی نیا کام نہیں لیں گے۔',
  ],
};

/** In the language of a text where the app speaks it, otherwise in `own`, the language that the app is in. */
export function termIn(language: string, own: string, months: number): TermWords {
  const [wanted, spoken] = [language, own].map((tag) => tag.toLowerCase().split('-')[0]);
  if (isLanguage(wanted)) return { language, sentences: SAID[wanted](months) };
  return { language: '', sentences: SAID[isLanguage(spoken) ? spoken : 'en'](months) };
}
