// Which word is being said. Times are whole milliseconds from the start of the sound that plays.

export interface Timed {
  readonly start: number;
  readonly end: number;
}

/** The place of the word said at this moment, or of the last one before it in a pause; -1 before the first. */
export function wordAt(words: readonly Timed[], now: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] as Timed).start <= now) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
