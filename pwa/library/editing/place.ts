// Which stretches nobody has heard, and where somebody was.
import type { Stretch } from './segment';

export type HowHeard = 'heard' | 'partly' | 'not';

interface Times {
  readonly start: number;
  readonly end: number;
}

/** A word has been heard where the middle of it was, as on the server. */
export function isHeard(word: Times, heard: readonly Stretch[]): boolean {
  const middle = (word.start + word.end) / 2;
  return heard.some(([start, end]) => start <= middle && middle <= end);
}

/** How much of a passage has been heard, by its words. */
export function howHeard(words: readonly Times[], heard: readonly Stretch[]): HowHeard {
  const count = words.filter((word) => isHeard(word, heard)).length;
  if (words.length > 0 && count === words.length) return 'heard';
  return count > 0 ? 'partly' : 'not';
}

/** The next passage that is not wholly heard after `now`, or before it; from the other end where there is none. */
export function unheardFrom(states: readonly HowHeard[], now: number, step: 1 | -1): number {
  const count = states.length;
  for (let passed = 1; passed <= count; passed += 1) {
    const place = (((now + passed * step) % count) + count) % count;
    if (states[place] !== 'heard') return place;
  }
  return -1;
}

/** How much of the words has been heard, in words. */
export function heardInWords(states: readonly HowHeard[]): string {
  const count = states.filter((state) => state === 'heard').length;
  if (states.length === 0) return '';
  if (count === states.length) return 'Every passage has been heard.';
  if (count === 0) return 'No passage has been heard to its end yet.';
  return `${count} of ${states.length} passages have been heard.`;
}
