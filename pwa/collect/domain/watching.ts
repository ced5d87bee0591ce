import type { Code } from './codes';

/** What one look at the microphone found. */
export interface MicrophoneLook {
  /** Nothing but zeros, or muted by the phone. */
  silent: boolean;
  chunkArrived: boolean;
  paused: boolean;
  /** Nobody can see the page. */
  hidden: boolean;
}

export interface WatchState {
  silentLooks: number;
  looksWithoutChunk: number;
}

export const NOTHING_SEEN: WatchState = { silentLooks: 0, looksWithoutChunk: 0 };

export const WATCH_EVERY_MS = 500;
const SILENT_LOOKS = 6;
const CHUNKLESS_LOOKS = 20;
/** Without any sign of life for so long, the phone slept. */
const SLEPT_AFTER_MS = 5_000;
/** A phone that is awake hands over what it hears every second or two. */
const MISSING_AFTER_MS = 3_000;
const CLEARLY_MORE_MS = 500;

/**
 * Counts looks instead of time, so that a phone that slept is judged on what it does awake.
 * Digital silence (every sample zero) for 3 s, or no sound handed over for 10 s, means the microphone is lost.
 */
export function afterLook(watch: WatchState, look: MicrophoneLook): { watch: WatchState; lost: Code | null } {
  if (look.paused) return { watch: NOTHING_SEEN, lost: null };
  const next = {
    silentLooks: look.silent ? watch.silentLooks + 1 : 0,
    looksWithoutChunk: look.chunkArrived ? 0 : watch.looksWithoutChunk + 1,
  };
  if (next.silentLooks >= SILENT_LOOKS) return { watch: next, lost: look.hidden ? 'hidden' : 'silence' };
  if (next.looksWithoutChunk >= CHUNKLESS_LOOKS)
    return { watch: next, lost: look.hidden ? 'hidden' : 'no_sound_arriving' };
  return { watch: next, lost: null };
}

/** Milliseconds that the phone slept before this sign of life; 0 when it did not. */
export function sleptFor(sinceLastSignMs: number): number {
  return sinceLastSignMs > SLEPT_AFTER_MS ? sinceLastSignMs : 0;
}

/** Whether so much more was heard than handed over that some of it will never come. */
export function isMissing(notHandedOverMs: number): boolean {
  return notHandedOverMs > MISSING_AFTER_MS;
}

/**
 * How far the sound reaches once a piece is added, in whole milliseconds. While the phone slept the stopwatch ran, but
 * that time counts only where a piece has bytes for far more than was heard awake, at the pace of those before it:
 * somebody who speaks up makes a piece larger too.
 */
export function soundUntil(
  piece: { bytes: number; stopwatchMs: number; sleptMs: number },
  before: { bytes: number; savedMs: number },
): number {
  const awakeUntil = piece.stopwatchMs - piece.sleptMs;
  const awake = Math.max(0, awakeUntil - before.savedMs);
  const knowsPace = before.bytes > 0 && before.savedMs > 0;
  const held = knowsPace ? piece.bytes / (before.bytes / before.savedMs) : 0;
  const ofSleep = held > 2 * awake + CLEARLY_MORE_MS ? held - awake : 0;
  return Math.round(Math.max(before.savedMs, Math.min(piece.stopwatchMs, awakeUntil + ofSleep)));
}
