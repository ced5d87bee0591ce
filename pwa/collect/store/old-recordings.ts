import type { Recording, Segment, SegmentEnd } from '../domain/recording';

/** A recording as apps before version 3 kept it: one file in chunks under its own id. */
export interface OldRecording {
  id: string;
  storyId: string;
  state: 'open' | 'sealed';
  ended: 'stopped' | 'interrupted' | 'recovered' | 'failed' | null;
  type: string;
  startedAt: string;
  durationMs: number;
  size: number;
  chunks: number;
  position: number;
  released: boolean;
}

/** The same as one segment whose id is its recording's. One that a crash cut off is open still, and is found as any. */
export function inSegments(old: OldRecording): { recording: Recording; segment: Segment } {
  const { id, storyId, type, startedAt, durationMs, size, chunks, position, released } = old;
  const state = old.state === 'open' ? 'open' : 'queued';
  const ended: SegmentEnd | null = old.ended;
  return {
    recording: { id, storyId, state, startedAt, position },
    segment: {
      id, storyId, recordingId: id, number: 0, state, ended, type, startedAt, offsetMs: 0, durationMs, size, chunks,
      sha256: null, released,
    },
  };
}
