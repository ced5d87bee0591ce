import { uuidv7 } from '../../collect/domain/ids';
import type { Database } from '../../collect/store/database';
import { queueRecording } from '../../collect/store/queueing';
import { endRecording } from '../../collect/store/recordings';
import { openSegment, saveSound, sealSegment } from '../../collect/store/segments';

/** A recording of one segment that waits in the outbox; returns the segment's id. Each piece is a row, or more. */
export async function queuedSegment(database: Database, storyId: string, ...pieces: ArrayBuffer[]): Promise<string> {
  const [id, recordingId] = [uuidv7(), uuidv7()];
  const startedAt = '2026-11-21T10:00:00.000+00:00';
  await openSegment(database, { id, recordingId, storyId, type: 'audio/webm;codecs=opus', startedAt, offsetMs: 0 });
  let next = 0;
  for (const [place, piece] of pieces.entries()) next = await saveSound(database, id, next, piece, (place + 1) * 1_000);
  await sealSegment(database, id, 'stopped', null);
  await endRecording(database, recordingId);
  await queueRecording(database, recordingId);
  return id;
}
