import { counter } from '../counting';

/** How Urdu counts, lists and tells the time. */
export const count = counter('ur');
export const list = new Intl.ListFormat('ur', { style: 'long', type: 'conjunction' });
export const dayAndTime = new Intl.DateTimeFormat('ur', {
  weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit', hourCycle: 'h23',
});

export const stories = (n: number) => count(n, { one: '# کہانی', other: '# کہانیاں' });
export const minutes = (n: number) => count(n, { other: '# منٹ' });
export const seconds = (n: number) => count(n, { other: '# سیکنڈ' });

export function spokenLength(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  return whole < 60 ? seconds(whole) : `${minutes(Math.floor(whole / 60))} ${seconds(whole % 60)}`;
}

/** A name or an address inside a sentence, kept in its own direction (Unicode's first strong isolate). */
export const apart = (text: string) => `\u2068${text}\u2069`;
