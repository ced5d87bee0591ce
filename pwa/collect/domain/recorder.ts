import type { Code } from './codes';

export type RecorderState =
  | 'idle'
  | 'arming'
  | 'recording'
  | 'paused'
  | 'stopping'
  /** Stopped on purpose; the recording is whole and waits in the outbox. */
  | 'sealed'
  /** Stopped by the phone; what came before is sealed and waits in the outbox. */
  | 'interrupted'
  /** Could not start, or could not save. `problem` says which. */
  | 'failed';

/** Everything a recorder screen shows. */
export interface RecorderView {
  state: RecorderState;
  recordingId: string | null;
  /** Sound known to be on disk, in milliseconds. */
  savedMs: number;
  /** Loudness now, 0 to 1. */
  level: number;
  problem: Code | null;
  /** False when the phone may dim and lock by itself. */
  awake: boolean;
}

export type RecorderEvent =
  | 'start'
  | 'armed'
  | 'pause'
  | 'resume'
  | 'stop'
  /** Everything is on disk. */
  | 'sealed'
  /** The microphone went away or went dead. */
  | 'lost'
  /** Nothing could be opened, or nothing more can be saved. */
  | 'failed';

const MOVES: Record<RecorderState, Partial<Record<RecorderEvent, RecorderState>>> = {
  idle: { start: 'arming' },
  arming: { armed: 'recording', stop: 'stopping', failed: 'failed' },
  recording: { pause: 'paused', stop: 'stopping', lost: 'interrupted', failed: 'failed' },
  paused: { resume: 'recording', stop: 'stopping', lost: 'interrupted', failed: 'failed' },
  stopping: { sealed: 'sealed', failed: 'failed' },
  sealed: {},
  interrupted: { failed: 'failed' },
  failed: {},
};

/** The state after an event; an event that makes no sense now, such as a second tap, changes nothing. */
export function afterEvent(state: RecorderState, event: RecorderEvent): RecorderState {
  return MOVES[state][event] ?? state;
}

/** True while sound may still be added, so that an update or a second recording must wait. */
export function isLive(state: RecorderState): boolean {
  return state === 'arming' || state === 'recording' || state === 'paused' || state === 'stopping';
}

/** What one look at the microphone found. */
export interface MicrophoneLook {
  silent: boolean;
  chunkArrived: boolean;
  paused: boolean;
}

export interface WatchState {
  silentLooks: number;
  looksWithoutChunk: number;
}

export const WATCH_EVERY_MS = 500;
const SILENT_LOOKS = 6;
const CHUNKLESS_LOOKS = 20;

/**
 * Counts looks instead of time, so that a phone that slept is judged on what it does awake.
 * Digital silence (every sample zero) for 3 s, or no sound handed over for 10 s, means the microphone is lost.
 */
export function afterLook(watch: WatchState, look: MicrophoneLook): { watch: WatchState; lost: Code | null } {
  if (look.paused) return { watch: { silentLooks: 0, looksWithoutChunk: 0 }, lost: null };
  const next = {
    silentLooks: look.silent ? watch.silentLooks + 1 : 0,
    looksWithoutChunk: look.chunkArrived ? 0 : watch.looksWithoutChunk + 1,
  };
  if (next.silentLooks >= SILENT_LOOKS) return { watch: next, lost: 'silence' };
  if (next.looksWithoutChunk >= CHUNKLESS_LOOKS) return { watch: next, lost: 'no_sound_arriving' };
  return { watch: next, lost: null };
}
