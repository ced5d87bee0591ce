// What a key, a clicker or a finger asks of the stage. Pure, so that each is a line in a test.

export type Move = 'next' | 'back' | 'first' | 'last' | 'sound' | 'full' | 'leave';

const KEYS: Readonly<Record<string, Move>> = {
  ArrowRight: 'next',
  ArrowDown: 'next',
  PageDown: 'next', // what clickers send
  ArrowLeft: 'back',
  ArrowUp: 'back',
  PageUp: 'back',
  Home: 'first',
  End: 'last',
  ' ': 'sound',
  f: 'full',
  F: 'full',
  Escape: 'leave',
};

/** What a key asks for. `onControl`: it was pressed on a button, a link or a player, which has its own use for some keys. */
export function moveOfKey(key: string, onControl: boolean): Move | null {
  if (onControl && (key === ' ' || key === 'Enter')) return null;
  return KEYS[key] ?? null;
}

/** What a finger asks for that moved by so many pixels: far enough sideways, and more sideways than up or down. */
export function moveOfSwipe(across: number, down: number): Move | null {
  if (Math.abs(across) < 48 || Math.abs(across) < 1.5 * Math.abs(down)) return null;
  return across < 0 ? 'next' : 'back';
}

/** The slide after a move, from 0, never past either end. */
export function slideAfter(move: Move, now: number, count: number): number {
  const wanted = { next: now + 1, back: now - 1, first: 0, last: count - 1 }[move as string] ?? now;
  return Math.max(0, Math.min(count - 1, wanted));
}
