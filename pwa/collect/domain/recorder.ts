import type { Code } from './codes';

export type RecorderState =
  | 'idle'
  | 'arming'
  | 'recording'
  | 'paused'
  /** The phone stopped it; what came before is sealed, and one tap goes on with a new segment. */
  | 'interrupted'
  | 'stopping'
  /** Stopped on purpose; no more sound will follow. */
  | 'sealed'
  /** Could not start, or could not be ended. `problem` says why. */
  | 'failed';

/** Everything a recorder screen shows. */
export interface RecorderView {
  state: RecorderState;
  recordingId: string | null;
  /** Sound known to be on disk, in milliseconds, all segments together. */
  savedMs: number;
  /** Loudness now, 0 to 1. */
  level: number;
  problem: Code | null;
  /** False when the phone may dim and lock by itself. */
  awake: boolean;
  /** Moments marked, and the newest of them. */
  marks: number;
  lastMark: LastMark | null;
}

export interface LastMark {
  id: string;
  /** A position in the saved sound, in milliseconds. */
  atMs: number;
  promptId: string | null;
  themeId: string | null;
}

export type RecorderEvent =
  | 'start'
  | 'armed'
  | 'pause'
  | 'resume'
  | 'stop'
  /** Everything is on disk. */
  | 'sealed'
  /** The microphone went away or went dead, or nothing more can be saved. */
  | 'lost'
  /** Nothing could be opened, or what is open cannot be ended. */
  | 'failed';

const MOVES: Record<RecorderState, Partial<Record<RecorderEvent, RecorderState>>> = {
  idle: { start: 'arming' },
  arming: { armed: 'recording', stop: 'stopping', lost: 'interrupted', failed: 'failed' },
  recording: { pause: 'paused', stop: 'stopping', lost: 'interrupted', failed: 'failed' },
  paused: { resume: 'recording', stop: 'stopping', lost: 'interrupted', failed: 'failed' },
  interrupted: { start: 'arming', stop: 'stopping', failed: 'failed' },
  stopping: { sealed: 'sealed', failed: 'failed' },
  sealed: {},
  failed: {},
};

/** The state after an event; an event that makes no sense now, such as a second tap, changes nothing. */
export function afterEvent(state: RecorderState, event: RecorderEvent): RecorderState {
  return MOVES[state][event] ?? state;
}

const LIVE: ReadonlySet<RecorderState> = new Set(['arming', 'recording', 'paused', 'interrupted', 'stopping']);

/** True while sound may still be added, so that an update or a second recording must wait. */
export function isLive(state: RecorderState): boolean {
  return LIVE.has(state);
}

/** True while the microphone is in use, so that the phone must not lock. What was interrupted may wait locked. */
export function isUnderWay(state: RecorderState): boolean {
  return isLive(state) && state !== 'interrupted';
}
