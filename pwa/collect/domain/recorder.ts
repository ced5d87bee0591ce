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
