// What the server says of a passage. Times are whole milliseconds from the start of the recording.

export type TimedWord = readonly [text: string, start: number, end: number, probability: number | null];

export type Stretch = readonly [start: number, end: number];

export interface Speaker {
  readonly id: string;
  readonly name: string;
  readonly suggested: boolean;
}

export interface Segment {
  readonly id: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly text: string;
  readonly words: readonly TimedWord[];
  readonly language: string;
  readonly speaker: Speaker | null;
}

/** What a correction did: the passages as they now are, and the ids of those that are no more. */
export interface Corrected {
  readonly version: number;
  readonly segments: readonly Segment[];
  readonly gone: readonly number[];
  readonly may_undo: boolean;
  readonly may_redo: boolean;
  readonly heard: readonly Stretch[];
  readonly flagged: readonly string[];
}

export type Change =
  | { readonly kind: 'words'; readonly segment: number; readonly was: string; readonly text: string }
  | { readonly kind: 'split'; readonly segment: number; readonly was: string; readonly word: number }
  | { readonly kind: 'merge'; readonly segment: number; readonly was: string; readonly next: number }
  | { readonly kind: 'speaker'; readonly segments: readonly number[]; readonly speaker: string | null }
  | { readonly kind: 'undo'; readonly version: number; readonly others?: boolean }
  | { readonly kind: 'redo'; readonly version: number };
