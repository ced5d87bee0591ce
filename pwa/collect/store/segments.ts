import { Refusal } from '../domain/codes';
import type { Segment, SegmentEnd } from '../domain/recording';
import { openRow, rowsOf, sealedRows } from './bytes';
import type { Database } from './database';
import { hashing } from './later-parts';
import { needStory, nextPosition } from './stories';

/** Hex SHA-256 of a whole file that was counted along, and how many chunks it is of. */
export interface Counted {
  sha256: string;
  chunks: number;
}

export type NewSegment = Pick<Segment, 'id' | 'recordingId' | 'storyId' | 'type' | 'startedAt' | 'offsetMs'>;

/** Opens a segment at the end of its recording, and the recording with its first one. Throws `story_missing`. */
export async function openSegment(database: Database, segment: NewSegment): Promise<void> {
  const { recordingId, storyId, startedAt } = segment;
  await database.write(['stories', 'recordings', 'segments', 'photos', 'quotes'], async (tx) => {
    await needStory(tx, storyId);
    const recording = await tx.objectStore('recordings').get(recordingId);
    if (recording && recording.state !== 'open') throw new Refusal('not_saved', 'the recording is sealed');
    const position = recording?.position ?? (await nextPosition(tx, storyId));
    const number = await tx.objectStore('segments').index('recordingId').count(recordingId);
    const empty = { ended: null, durationMs: 0, size: 0, chunks: 0, sha256: null, released: false };
    await tx.objectStore('recordings').put({ id: recordingId, storyId, state: 'open', startedAt, ...recording, position });
    // A write that is tried again finds its own segment.
    if (!(await tx.objectStore('segments').get(segment.id)))
      await tx.objectStore('segments').put({ ...segment, ...empty, state: 'open', number });
  });
  database.changed();
}

/**
 * Puts sound on disk and returns the number of the next chunk. Once this resolves, losing power loses
 * nothing of it. Throws `not_saved` when the segment is no longer open, and what `write` throws.
 */
export async function saveSound(
  database: Database,
  segmentId: string,
  first: number,
  bytes: ArrayBuffer,
  untilMs: number,
): Promise<number> {
  const rows = await sealedRows(database, segmentId, first, bytes, untilMs);
  return database.write(['segments', 'chunks'], async (tx) => {
    const segment = await tx.objectStore('segments').get(segmentId);
    if (segment?.state !== 'open') throw new Refusal('not_saved', 'the segment is not open');
    // A write that reported failure after it had reached the disk is tried again, and is there already.
    if (segment.chunks === first + rows.length) return segment.chunks;
    if (segment.chunks !== first) throw new Refusal('not_saved', 'a chunk before this one is missing');
    for (const row of rows) await tx.objectStore('chunks').put(row);
    const chunks = first + rows.length;
    const size = segment.size + bytes.byteLength;
    await tx.objectStore('segments').put({ ...segment, chunks, size, durationMs: untilMs });
    return chunks;
  });
}

/**
 * Ends a segment, which needs no key. Returns it, or null when it held no sound and was removed.
 * A hash that is not of exactly what is on disk is left out, and counted anew.
 */
export async function sealSegment(
  database: Database,
  segmentId: string,
  ended: SegmentEnd,
  counted: Counted | null,
): Promise<Segment | null> {
  const sealed = await database.write(['segments'], async (tx) => {
    const segment = await tx.objectStore('segments').get(segmentId);
    if (!segment || segment.state !== 'open') return segment ?? null;
    if (segment.chunks === 0) {
      await tx.objectStore('segments').delete(segmentId);
      return null;
    }
    const sha256 = counted?.chunks === segment.chunks ? counted.sha256 : null;
    const next: Segment = { ...segment, state: 'sealed', ended, sha256 };
    await tx.objectStore('segments').put(next);
    return next;
  });
  database.changed();
  return sealed;
}

/** The segments of a recording, in order. */
export async function segmentsOf(database: Database, recordingId: string): Promise<Segment[]> {
  const found = await database.read(['segments'], (tx) =>
    tx.objectStore('segments').index('recordingId').getAll(recordingId),
  );
  return found.sort((a, b) => a.number - b.number);
}

export function openSegments(database: Database): Promise<Segment[]> {
  return database.read(['segments'], (tx) => tx.objectStore('segments').index('state').getAll('open'));
}

/**
 * The hash of a segment that was not counted along, one row in memory at a time.
 * Throws `locked`, `open_again`, or `damaged_on_phone` when a row is missing or is not what was kept.
 */
export async function hashSegment(database: Database, segment: Segment): Promise<string> {
  const { wholeHash } = await hashing();
  const hash = await wholeHash();
  const keys = await database.read(['chunks'], (tx) => tx.objectStore('chunks').getAllKeys(rowsOf(segment.id)));
  if (keys.length !== segment.chunks) throw new Refusal('damaged_on_phone', 'a chunk is missing');
  for (const key of keys) {
    const row = await database.read(['chunks'], (tx) => tx.objectStore('chunks').get(key));
    if (!row) throw new Refusal('damaged_on_phone', 'a chunk is missing');
    hash.add(await openRow(database, row));
  }
  return hash.digest();
}
