// Which of the words that are being typed are those that were there: they keep their times while the sound plays.
import type { TimedWord } from './segment';

/** A stretch of the text being typed, by its letters, and when it is said. Milliseconds. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Every word of `text` that was there before, and what was written between them as one stretch that has the time they
 * leave. Letters are compared and not words, since not every script puts spaces between words. Autosaving gives new
 * words their own times within a second or so, so one change at a time is all there is to find.
 */
export function placesOf(words: readonly TimedWord[], text: string, start: number, end: number): Place[] {
  const letters = [...text.matchAll(/\S/gu)].map(({ index, 0: letter }) => ({ index, letter }));
  const now = letters.map(({ letter }) => letter);
  const then = words.flatMap(([word]) => lettersOf(word));
  const same = sameEnds(then, now);
  const place = (first: number, last: number, began: number, ended: number): Place => {
    const [from, to] = [letters[first], letters[last - 1]] as { index: number; letter: string }[];
    return { from: from?.index ?? 0, to: to ? to.index + to.letter.length : 0, start: began, end: ended };
  };
  const [before, after]: [Place[], Place[]] = [[], []];
  let [passed, middle, until, began, ended] = [0, 0, now.length, start, end];
  for (const [word, wordStart, wordEnd] of words) {
    const [first, last] = [passed, (passed += lettersOf(word).length)];
    const moved = now.length - then.length;
    if (first === last) continue;
    if (last <= same.before) {
      before.push(place(first, last, wordStart, wordEnd));
      [middle, began] = [last, wordEnd];
    } else if (first >= then.length - same.after) {
      if (after.length === 0) [until, ended] = [first + moved, wordStart];
      after.push(place(first + moved, last + moved, wordStart, wordEnd));
    }
  }
  const between = middle < until ? [place(middle, until, began, Math.max(began, ended))] : [];
  return [...before, ...between, ...after];
}

/** How many of the timed words come before the caret. A caret within a word is after it. */
export function wordsBefore(words: readonly TimedWord[], text: string, caret: number): number {
  const wanted = lettersOf(text.slice(0, caret)).length;
  let [passed, count] = [0, 0];
  for (const [word] of words) {
    if (passed >= wanted) break;
    passed += lettersOf(word).length;
    count += 1;
  }
  return count;
}

/** Where in the text a timed word begins. */
export function caretBefore(words: readonly TimedWord[], place: number): number {
  const text = words.map(([word]) => word).join('');
  const before = words.slice(0, place).map(([word]) => word).join('').length;
  const word = words[place]?.[0] ?? '';
  return Math.max(0, before + (word.length - word.trimStart().length) - (text.length - text.trimStart().length));
}

function lettersOf(text: string): string[] {
  return text.match(/\S/gu) ?? [];
}

/** How many letters are the same at the start of both, and at the end. */
function sameEnds(then: readonly string[], now: readonly string[]): { before: number; after: number } {
  const most = Math.min(then.length, now.length);
  let [before, after] = [0, 0];
  while (before < most && then[before] === now[before]) before += 1;
  while (after < most - before && then.at(-1 - after) === now.at(-1 - after)) after += 1;
  return { before, after };
}
