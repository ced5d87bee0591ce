import { isWhole, savedMs } from '../domain/recording';
import type { Database } from '../store/database';
import { RECORDING_LOCK, type TabLocks } from '../store/locks';
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
 * Seals what no living tab is recording: its app was closed, the phone went dead or was full. This needs no key, and
 * what cannot be sealed now is tried again the next time. Returns the recordings that somebody may keep, go on with
 * or delete; null while a tab records, for nothing can be said of them then.
 */
export async function recoverRecordings(
  database: Database,
  locks: TabLocks,
  now = Date.now(),
): Promise<Found[] | null> {
  // The lock is taken only where it is needed, so that somebody who begins to record in another tab finds it free.
  const left = [...(await openRecordings(database)), ...(await openSegments(database))];
  if (left.length === 0) return [];
  const release = await locks.take(RECORDING_LOCK);
  if (!release) return null;
  try {
    const unsealed = new Set<string>();
    for (const { id, recordingId } of await openSegments(database))
      await sealSegment(database, id, 'recovered', null).catch(() => unsealed.add(recordingId));
    const found: Found[] = [];
    for (const { id: recordingId, storyId } of await openRecordings(database)) {
      if (unsealed.has(recordingId)) continue;
      const segments = await segmentsOf(database, recordingId);
      const saved = savedMs(segments);
      const age = now - Date.parse(segments.at(-1)?.startedAt ?? '') - (segments.at(-1)?.durationMs ?? 0);
      // One file of an earlier app cannot be gone on with: it is kept as it is.
      const isKept = age > KEPT_BY_ITSELF_MS || segments.some(isWhole);
      if (saved === 0 || isKept) await endRecording(database, recordingId).catch(() => undefined);
      if (saved === 0 || !isKept) found.push({ recordingId, storyId, savedMs: saved });
    }
    return found;
  } finally {
    release();
  }
}
