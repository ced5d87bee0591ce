// What a key asks for, on the player and in the transcript.

export type PlayerMove = 'toggle' | 'back' | 'forward';

const PLAYER: Readonly<Record<string, PlayerMove>> = {
  ' ': 'toggle',
  k: 'toggle',
  K: 'toggle',
  ArrowLeft: 'back',
  ArrowRight: 'forward',
};

/** What a key asks of the player. A button has its own use for space, a list of choices for every key. */
export function playerMove(key: string, on: 'button' | 'choices' | 'other'): PlayerMove | null {
  if (on === 'choices' || (on === 'button' && key === ' ')) return null;
  return PLAYER[key] ?? null;
}

export type WordMove =
  | 'next' | 'previous' | 'down' | 'up' | 'first' | 'last' | 'play' | 'toggle' | 'excerpt' | 'make' | 'undo' | 'leave';

interface Pressed {
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

const WORDS: Readonly<Record<string, WordMove>> = {
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  ArrowDown: 'down',
  ArrowUp: 'up',
  Home: 'first',
  End: 'last',
  Enter: 'play',
  ' ': 'toggle',
  k: 'toggle',
  K: 'toggle',
  e: 'excerpt',
  E: 'excerpt',
  Escape: 'leave',
};

/**
 * What a key asks for while a word of the transcript has the focus; a number for the theme on that key. While words are
 * `chosen`, Enter makes an excerpt of them and does not play.
 */
export function wordMove({ key, altKey, ctrlKey, metaKey }: Pressed, chosen: boolean): WordMove | number | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) return key === 'z' ? 'undo' : null;
  if (chosen && /^[1-9]$/.test(key)) return Number(key);
  if (chosen && key === 'Enter') return 'make';
  return WORDS[key] ?? null;
}

/** The word to move to, never past either end. `starts` holds the place of the first word of each segment, in order. */
export function wordAfter(move: WordMove, now: number, starts: readonly number[], count: number): number {
  const segment = starts.findLastIndex((start) => start <= now);
  const end = (starts[segment + 1] ?? count) - 1;
  const places: Partial<Record<WordMove, number>> = {
    next: now + 1,
    previous: now - 1,
    down: starts[segment + 1] ?? now,
    up: now > (starts[segment] ?? 0) ? starts[segment] : (starts[segment - 1] ?? now),
    first: starts[segment] ?? 0,
    last: end,
  };
  return Math.max(0, Math.min(count - 1, places[move] ?? now));
}
