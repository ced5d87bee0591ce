import { counter } from '../counting';

/** How Welsh counts, lists and tells the time. Browsers know its plural forms, but not the names of its days. */
export const count = counter('cy');

const DAYS = ['Dydd Sul', 'Dydd Llun', 'Dydd Mawrth', 'Dydd Mercher', 'Dydd Iau', 'Dydd Gwener', 'Dydd Sadwrn'];
const MONTHS = [
  'Ionawr', 'Chwefror', 'Mawrth', 'Ebrill', 'Mai', 'Mehefin',
  'Gorffennaf', 'Awst', 'Medi', 'Hydref', 'Tachwedd', 'Rhagfyr',
];
const two = (n: number) => String(n).padStart(2, '0');

export const dayAndTime = {
  format: (at: Date) =>
    `${DAYS[at.getDay()]} ${at.getDate()} ${MONTHS[at.getMonth()]} am ${two(at.getHours())}:${two(at.getMinutes())}`,
};

// “a” becomes “ac” before a vowel; 1, 8 and 11 to 19 are said with a vowel first: un, wyth, un deg un.
const VOWEL_FIRST = /^([aeiouwyâêîôûŵŷ]|8|1[1-9]?(\D|$))/i;

export const list = {
  format(items: readonly string[]): string {
    const last = items.at(-1) ?? '';
    const and = VOWEL_FIRST.test(last) ? 'ac' : 'a';
    return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${and} ${last}`;
  },
};

export const stories = (n: number) => count(n, { other: '# stori' });
export const minutes = (n: number) => count(n, { two: '# funud', other: '# munud' });
export const seconds = (n: number) => count(n, { other: '# eiliad' });

export function spokenLength(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  return whole < 60 ? seconds(whole) : `${minutes(Math.floor(whole / 60))} ${seconds(whole % 60)}`;
}
