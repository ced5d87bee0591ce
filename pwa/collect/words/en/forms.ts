/** How English counts, lists and tells the time. */
export const number = (n: number, one: string, many: string) => (n === 1 ? `1 ${one}` : `${n} ${many}`);

export const list = new Intl.ListFormat('en-GB', { style: 'long', type: 'conjunction' });
export const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit',
});

export function spokenLength(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return number(seconds, 'second', 'seconds');
  return `${number(minutes, 'minute', 'minutes')} ${number(seconds % 60, 'second', 'seconds')}`;
}

export { shortened } from '../shortened';
