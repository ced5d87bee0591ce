import { isWhole, savedMs } from '../domain/recording';
import type { Database } from '../store/database';
import { RECORDING_LOCK, type TabLocks } from '../store/locks';
import { queueEverything } from '../store/queueing';
import { endRecording, openRecordings } from '../store/recordings';
import { openSegments, sealSegment, segmentsOf } from '../store/segments';

export interface Found {
  recordingId: string;
  storyId: string;
  /** Sound that was on disk, in milliseconds; 0 when there was none and nothing was kept. */
  savedMs: number;
}

/** What nobody decided on for so long is kept, so that it is whole on the server. */
const KEPT_BY_ITSELF_MS = 12 * 60 * 60_000;

/**
 * Seals what no living tab is recording: its app was closed, or the phone went dead. This needs no key. Returns the
 * recordings that somebody may keep, go on with or delete.
 */
export async function recoverRecordings(database: Database, locks: TabLocks, now = Date.now()): Promise<Found[]> {
  const release = await locks.take(RECORDING_LOCK);
  // Another tab records, and has looked after what it found.
  if (!release) return [];
  try {
    for (const { id } of await openSegments(database)) await sealSegment(database, id, 'recovered', null);
    const found: Found[] = [];
    for (const { id: recordingId, storyId } of await openRecordings(database)) {
      const segments = await segmentsOf(database, recordingId);
      const saved = savedMs(segments);
      const age = now - Date.parse(segments.at(-1)?.startedAt ?? '') - (segments.at(-1)?.durationMs ?? 0);
      // One file of an earlier app cannot be gone on with: it is kept as it is.
      const isKept = age > KEPT_BY_ITSELF_MS || segments.some(isWhole);
      if (saved === 0 || isKept) await endRecording(database, recordingId);
      if (saved === 0 || !isKept) found.push({ recordingId, storyId, savedMs: saved });
    }
    return found;
  } finally {
    release();
    await queueEverything(database).catch(() => undefined);
  }
}
