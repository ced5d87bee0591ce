import type { EntryStanding } from './outbox';
import type { RecorderState } from './recorder';
import type { Recording, Segment } from './recording';

/** Everything a recording goes through, from the tap that starts it to the moment its bytes may leave the phone. */
export type RecordingState =
  | 'idle' | 'arming' | 'recording' | 'interrupted' | 'stopping'
  | 'sealed' | 'queued' | 'uploading' | 'stored' | 'deletable';

export interface RecordingKept {
  /** What its recorder says; null when no tab of this phone has one. */
  recorder: RecorderState | null;
  /** Null before anything was kept. */
  recording: Recording | null;
  segments: readonly Segment[];
  /** Entries of its segments and its manifest. */
  entries: readonly EntryStanding[];
  /** Whether the keep time of its project is over for a file that the server has. */
  isDeletable: (entry: EntryStanding) => boolean;
}

/** One state for a recording: its recorder's while it has one, then what is kept of it, then its outbox entries. */
export function recordingState(kept: RecordingKept): RecordingState {
  const { recorder, recording, segments } = kept;
  if (recorder === 'paused') return 'recording';
  if (recorder !== null && recorder !== 'sealed' && recorder !== 'failed') return recorder;
  if (!recording) return 'idle';
  // Without a recorder an open recording was cut off: a crash interrupts as a phone call does.
  if (recording.state === 'open') return 'interrupted';
  if (recording.state === 'sealed' || segments.some(({ state }) => state === 'sealed')) return 'sealed';
  return sendingState(kept);
}

function sendingState({ segments, entries, isDeletable }: RecordingKept): RecordingState {
  if (entries.length > 0 && entries.every(({ state }) => state === 'stored')) {
    const files = entries.filter(({ id }) => segments.some((segment) => segment.id === id && !segment.released));
    return files.every(isDeletable) ? 'deletable' : 'stored';
  }
  const began = entries.some(({ state, sentBytes }) => state === 'sending' || state === 'stored' || sentBytes > 0);
  return began ? 'uploading' : 'queued';
}
