/** How the phone's own lock stands: never set up, closed, or open. */
export type LockState = 'unset' | 'locked' | 'open';

export const SHORTEST_PIN = 6;
export const SHORTEST_PASSPHRASE = 8;
export const LONGEST_SECRET = 200;

const FREE_TRIES = 3;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60 * 60_000;

/** Milliseconds until the next try after so many wrong ones in a row: none for three, then doubling up to an hour. */
export function waitAfterWrong(tries: number): number {
  if (tries <= FREE_TRIES) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - FREE_TRIES - 1));
}

/** Whether this may lock the phone: at least six digits that are no row of one or of neighbours, or eight letters. */
export function isStrongEnough(secret: string): boolean {
  if (secret.length > LONGEST_SECRET) return false;
  if (!/^\d+$/.test(secret)) return [...secret.trim()].length >= SHORTEST_PASSPHRASE;
  return secret.length >= SHORTEST_PIN && !isRow(secret);
}

function isRow(digits: string): boolean {
  const steps = [...digits].slice(1).map((digit, place) => Number(digit) - Number(digits[place]));
  return [-1, 0, 1].some((step) => steps.every((found) => found === step));
}
