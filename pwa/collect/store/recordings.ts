import { Refusal } from '../domain/codes';
import type { Recording, RecordingEnd } from '../domain/story';
import { joinedBytes, rowsOf, sealedRows } from './bytes';
import type { Database } from './database';
import { fileEntry } from './entries';
import { toRow } from './rows';
import { nextPosition } from './stories';

export async function openRecording(
  database: Database,
  recording: Pick<Recording, 'id' | 'storyId' | 'type' | 'startedAt'>,
): Promise<void> {
  await database.write(['recordings', 'photos', 'quotes'], async (tx) => {
    const position = await nextPosition(tx, recording.storyId);
    const empty = { ended: null, durationMs: 0, size: 0, chunks: 0, released: false };
    await tx.objectStore('recordings').put({ ...recording, ...empty, state: 'open', position });
  });
  database.changed();
}

/**
 * Puts sound on disk and returns the number of the next chunk. Once this resolves, losing power loses
 * nothing of it. Throws `not_saved` when the recording is no longer open, and what `write` throws.
 */
export async function saveSound(
  database: Database,
  recordingId: string,
  first: number,
  bytes: ArrayBuffer,
  untilMs: number,
): Promise<number> {
  const rows = await sealedRows(database, recordingId, first, bytes, untilMs);
  return database.write(['recordings', 'chunks'], async (tx) => {
    const recording = await tx.objectStore('recordings').get(recordingId);
    if (recording?.state !== 'open') throw new Refusal('not_saved', 'the recording is not open');
    // A write that reported failure after it had reached the disk is tried again, and is there already.
    if (recording.chunks === first + rows.length) return recording.chunks;
    if (recording.chunks !== first) throw new Refusal('not_saved', 'a chunk before this one is missing');
    for (const row of rows) await tx.objectStore('chunks').put(row);
    const chunks = first + rows.length;
    const size = recording.size + bytes.byteLength;
    await tx.objectStore('recordings').put({ ...recording, chunks, size, durationMs: untilMs });
    return chunks;
  });
}

/** Ends a recording and queues it. Returns it, or null when it held no sound and was removed. */
export async function sealRecording(
  database: Database,
  recordingId: string,
  ended: RecordingEnd,
): Promise<Recording | null> {
  const bytes = await joinedBytes(database, recordingId);
  const found = await database.read(['recordings', 'stories'], async (tx) => {
    const recording = await tx.objectStore('recordings').get(recordingId);
    const story = recording && (await tx.objectStore('stories').get(recording.storyId));
    return recording && story ? { recording, personId: story.personId } : null;
  });
  if (!found || bytes === null) {
    await removeRecording(database, recordingId);
    return null;
  }
  const { recording, personId } = found;
  const owner = { storyId: recording.storyId, personId };
  const entry = await fileEntry('recording', recordingId, owner, bytes, recording.position);
  const entryRow = await toRow(database, 'outbox', entry);
  const sealed: Recording = { ...recording, state: 'sealed', ended, size: bytes.byteLength };
  await database.write(['recordings', 'outbox'], async (tx) => {
    if ((await tx.objectStore('recordings').get(recordingId))?.state !== 'open') return;
    await tx.objectStore('recordings').put(sealed);
    await tx.objectStore('outbox').put(entryRow);
  });
  database.changed();
  return sealed;
}

export function openRecordings(database: Database): Promise<Recording[]> {
  return database.read(['recordings'], (tx) => tx.objectStore('recordings').index('state').getAll('open'));
}

async function removeRecording(database: Database, recordingId: string): Promise<void> {
  await database.write(['recordings', 'chunks'], async (tx) => {
    await tx.objectStore('recordings').delete(recordingId);
    await tx.objectStore('chunks').delete(rowsOf(recordingId));
  });
  database.changed();
}
