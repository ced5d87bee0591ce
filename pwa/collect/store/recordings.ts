import { Refusal } from '../domain/codes';
import type { Recording } from '../domain/recording';
import type { Database } from './database';

/**
 * No more sound will follow. Returns false when there was none, and the recording was removed. Throws `not_saved`
 * while a segment of it is still being made.
 */
export async function endRecording(database: Database, recordingId: string): Promise<boolean> {
  const kept = await database.write(['recordings', 'segments', 'markers', 'outbox'], async (tx) => {
    const recording = await tx.objectStore('recordings').get(recordingId);
    if (!recording) return false;
    const segments = await tx.objectStore('segments').index('recordingId').getAll(recordingId);
    if (segments.some(({ state }) => state === 'open')) throw new Refusal('not_saved', 'a segment is still open');
    if (segments.length === 0) {
      for (const id of await tx.objectStore('markers').index('recordingId').getAllKeys(recordingId))
        await tx.objectStore('markers').delete(id);
      await tx.objectStore('recordings').delete(recordingId);
      return false;
    }
    if (recording.state === 'open') await tx.objectStore('recordings').put({ ...recording, state: 'sealed' });
    // What was found after a crash gave its finder time to delete it; now it may go.
    for (const { id } of segments) {
      const entry = await tx.objectStore('outbox').get(id);
      if (entry?.state === 'waiting' && entry.attempts === 0) await tx.objectStore('outbox').put({ ...entry, nextTryAt: 0 });
    }
    return true;
  });
  database.changed();
  return kept;
}

export async function recordingById(database: Database, recordingId: string): Promise<Recording | null> {
  return (await database.read(['recordings'], (tx) => tx.objectStore('recordings').get(recordingId))) ?? null;
}

/** Recordings whose end nobody has decided yet, such as those that a crash cut off. */
export function openRecordings(database: Database): Promise<Recording[]> {
  return database.read(['recordings'], (tx) => tx.objectStore('recordings').index('state').getAll('open'));
}
