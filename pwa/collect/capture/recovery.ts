import type { Database } from '../store/database';
import { RECORDING_LOCK, type TabLocks } from '../store/locks';
import { openRecordings, sealRecording } from '../store/recordings';

export interface Found {
  recordingId: string;
  storyId: string;
  /** Sound that was on disk, in milliseconds. */
  savedMs: number;
}

/** Seals and queues recordings that no living tab is making: their app was closed, or the phone went dead. */
export async function recoverRecordings(database: Database, locks: TabLocks): Promise<Found[]> {
  const found: Found[] = [];
  for (const { id, storyId } of await openRecordings(database)) {
    const release = await locks.take(RECORDING_LOCK + id);
    if (!release) continue;
    try {
      const sealed = await sealRecording(database, id, 'recovered');
      if (sealed) found.push({ recordingId: id, storyId, savedMs: sealed.durationMs });
    } finally {
      release();
    }
  }
  return found;
}
