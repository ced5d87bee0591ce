import type { Code } from './codes';
import type { Marker } from './marker';

/** Why a segment ended, in the words that the server knows. */
export type SegmentEnd =
  | 'stopped' | 'interrupted' | 'silence' | 'microphone_lost' | 'hidden' | 'full' | 'failed' | 'recovered';

/** One conversation's sound: segments in order, with gaps between them where the phone could not record. */
export interface Recording {
  id: string;
  storyId: string;
  /** `open`: another segment may follow. `sealed`: none will. `queued`: its manifest waits in the outbox, or was sent. */
  state: 'open' | 'sealed' | 'queued';
  startedAt: string;
  position: number;
  /** How many marks could not be read when its manifest was made; left out where all could. */
  lostMarks?: number;
}

/** One run of the microphone: a file of its own, in chunks whose part is the segment's id. */
export interface Segment {
  id: string;
  recordingId: string;
  storyId: string;
  /** Its place in the recording, from 0 without gaps. */
  number: number;
  /** `sealed`: whole, and its hash or its entry is still to be made. `damaged`: its bytes cannot be read again. */
  state: 'open' | 'sealed' | 'queued' | 'damaged';
  ended: SegmentEnd | null;
  type: string;
  startedAt: string;
  /** From the start of the first segment to this one's on a clock that never jumps, gaps counted and pauses not. */
  offsetMs: number;
  /** Sound on disk, in milliseconds; grows with every chunk. */
  durationMs: number;
  size: number;
  chunks: number;
  /** Hex SHA-256 of the whole file; null until it is known. */
  sha256: string | null;
  /** True once the sound has been let go because the server holds it. */
  released: boolean;
}

/** Apps before version 3 kept a recording as one whole file under its own id. It is sent as they sent it. */
export function isWhole(segment: Pick<Segment, 'id' | 'recordingId'>): boolean {
  return segment.id === segment.recordingId;
}

const ENDS: Partial<Record<Code, SegmentEnd>> = {
  silence: 'silence',
  microphone_lost: 'microphone_lost',
  microphone_refused: 'microphone_lost',
  hidden: 'hidden',
  phone_full: 'full',
  not_saved: 'failed',
};

/** How the manifest names what went wrong. */
export function endFor(code: Code): SegmentEnd {
  return ENDS[code] ?? 'interrupted';
}

export function savedMs(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.durationMs, 0);
}

/** Where a segment begins that follows `last` after so long without sound. */
export function offsetAfter(last: Pick<Segment, 'offsetMs' | 'durationMs'> | null, gapMs: number): number {
  return last === null ? 0 : Math.round(last.offsetMs + last.durationMs + Math.max(0, gapMs));
}

const LONGEST_BREAK_MS = 24 * 60 * 60_000;

/** The gap after a restart, for which there is only the wall clock. One that jumped says nothing. */
export function gapAfterRestart(last: Pick<Segment, 'startedAt' | 'durationMs'>, now: number): number {
  const gap = now - Date.parse(last.startedAt) - last.durationMs;
  return gap >= 0 && gap <= LONGEST_BREAK_MS ? gap : 0;
}

/**
 * The exact JSON that says which segments, gaps and markers make up a recording, of all its segments in order. What is
 * damaged is left out. Hashes must be known by now. The server takes whole milliseconds only, and phones hold some that
 * an earlier app measured in fractions.
 */
export function manifestBody(recording: Recording, all: readonly Segment[], markers: readonly Marker[]): string {
  const segments = all.filter((segment) => !isLeftOut(segment));
  const length = segments.reduce((sum, { durationMs }) => sum + Math.round(durationMs), 0);
  return JSON.stringify({
    id: recording.id,
    story_id: recording.storyId,
    position: recording.position,
    started_at: recording.startedAt,
    segments: segments.map((segment, number) => ({
      id: segment.id,
      number,
      sha256: segment.sha256,
      bytes: segment.size,
      type: segment.type,
      offset_ms: Math.round(segment.offsetMs - segments[0]!.offsetMs),
      duration_ms: Math.round(segment.durationMs),
      ended: segment.ended,
    })),
    markers: markers.map(({ id, atMs, promptId, themeId }) => ({
      id,
      at_ms: Math.min(Math.round(atMs - leftOutBefore(all, atMs)), length),
      prompt_id: promptId,
      theme_id: themeId,
    })),
  });
}

function isLeftOut({ state }: Segment): boolean {
  return state === 'damaged';
}

/**
 * How much of the sound before a moment is left out, in milliseconds: marks count all that was saved, the server what
 * it is told of. A moment in a segment that is left out is then where that would begin, as the server has it too.
 */
function leftOutBefore(all: readonly Segment[], atMs: number): number {
  let [begins, leftOut] = [0, 0];
  for (const segment of all) {
    if (isLeftOut(segment)) leftOut += Math.min(Math.max(atMs - begins, 0), segment.durationMs);
    begins += segment.durationMs;
  }
  return leftOut;
}
