// Words chosen one after another, by their places in the transcript. Pure, so that each rule is a line in a test.
import type { Timed } from '../sound/in-step';

/** `anchor` is where choosing began, `focus` where it has got to; either may come first. Both are included. */
export interface Stretch {
  readonly anchor: number;
  readonly focus: number;
}

export function firstOf(stretch: Stretch): number {
  return Math.min(stretch.anchor, stretch.focus);
}

export function lastOf(stretch: Stretch): number {
  return Math.max(stretch.anchor, stretch.focus);
}

/** What is chosen when the focus moves to another word: choosing begins at the word it leaves. */
export function extended(stretch: Stretch | null, from: number, to: number): Stretch {
  return { anchor: stretch?.anchor ?? from, focus: to };
}

/** When the chosen words were said, or null when they do not exist. */
export function timesOf(stretch: Stretch, words: readonly Timed[]): Timed | null {
  const first = words[firstOf(stretch)];
  const last = words[lastOf(stretch)];
  if (first === undefined || last === undefined) return null;
  return { start: first.start, end: Math.max(last.end, first.start + 1) };
}

/** The stretch from the first to the last word that a selection touches, or null when it touches none. */
export function stretchOf(touched: readonly boolean[]): Stretch | null {
  const anchor = touched.indexOf(true);
  return anchor < 0 ? null : { anchor, focus: touched.lastIndexOf(true) };
}
