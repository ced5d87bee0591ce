import { Refusal } from '../domain/codes';
import type { OutboxEntry } from '../domain/outbox';
import { isWhole, manifestBody, type Recording, type Segment } from '../domain/recording';
import type { Database } from './database';
import { newEntry, textEntry } from './entries';
import { markersOf } from './markers';
import { recordingById } from './recordings';
import { orDamaged, toRow } from './rows';
import { hashSegment, segmentsOf } from './segments';

/** How long what a crash cut off waits for somebody to say whether to keep it. Less than any wait of the outbox. */
export const FOUND_WAIT_MS = 4 * 60_000;

/**
 * Queues what is sealed of a recording and not queued yet, and its manifest once the recording is sealed. It may be
 * called again at any time. Throws `locked` where a hash must be counted first and the phone is locked.
 */
export async function queueRecording(database: Database, recordingId: string): Promise<void> {
  const recording = await recordingById(database, recordingId);
  const owner = recording && (await ownerOf(database, recording.storyId));
  if (!recording || !owner) return;
  for (const segment of await segmentsOf(database, recordingId))
    if (segment.state === 'sealed') await queueSegment(database, recording, owner, segment);
  if (recording.state === 'sealed') await queueManifest(database, recording, owner);
}

/** Queues everything that was left, as after a crash. What is locked waits for the next unlocking. */
export async function queueEverything(database: Database): Promise<void> {
  const left = await database.read(['recordings', 'segments'], async (tx) => {
    const sealed = await tx.objectStore('recordings').index('state').getAllKeys('sealed');
    const segments = await tx.objectStore('segments').index('state').getAll('sealed');
    return new Set([...sealed, ...segments.map(({ recordingId }) => recordingId)]);
  });
  for (const id of left) {
    await queueRecording(database, id).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
  }
}

interface Owner {
  storyId: string;
  personId: string;
}

async function queueSegment(database: Database, recording: Recording, owner: Owner, segment: Segment): Promise<void> {
  const sha256 = segment.sha256 ?? (await hashSegment(database, segment).catch(orDamaged));
  const entry = await toRow(database, 'outbox', entryOf(recording, owner, segment, sha256));
  const state = sha256 === null ? 'damaged' : 'queued';
  await database.write(['segments', 'outbox'], async (tx) => {
    const now = await tx.objectStore('segments').get(segment.id);
    if (now?.state !== 'sealed') return;
    await tx.objectStore('segments').put({ ...now, state, sha256 });
    await tx.objectStore('outbox').put(entry);
  });
  database.changed();
}

/** A file that cannot be read whole is parked where somebody sees it, and holds nothing else up. */
function entryOf(recording: Recording, owner: Owner, segment: Segment, sha256: string | null): OutboxEntry {
  const kind = isWhole(segment) ? 'recording' : 'segment';
  const content = { sha256: sha256 ?? '', bytes: segment.size, body: null, position: recording.position };
  const entry = newEntry(kind, segment.id, owner, content);
  if (sha256 === null) return { ...entry, state: 'refused', code: 'damaged_on_phone' };
  const undecided = recording.state === 'open' && segment.ended === 'recovered';
  return undecided ? { ...entry, nextTryAt: Date.now() + FOUND_WAIT_MS } : entry;
}

async function queueManifest(database: Database, recording: Recording, owner: Owner): Promise<void> {
  const segments = await segmentsOf(database, recording.id);
  // A manifest says for good what a recording is made of.
  if (segments.some(({ state }) => state === 'open' || state === 'sealed')) return;
  const needed = segments.some(({ state }) => state === 'queued') && !segments.some(isWhole);
  const { markers, damaged } = needed ? await markersOf(database, recording.id) : { markers: [], damaged: 0 };
  const body = needed ? manifestBody(recording, segments, markers) : '';
  const entry = needed
    ? await toRow(database, 'outbox', await textEntry('manifest', recording.id, owner, body, recording.position))
    : null;
  await database.write(['recordings', 'outbox'], async (tx) => {
    const now = await tx.objectStore('recordings').get(recording.id);
    if (now?.state !== 'sealed') return;
    await tx.objectStore('recordings').put({ ...now, state: 'queued', ...(damaged > 0 && { lostMarks: damaged }) });
    if (entry) await tx.objectStore('outbox').put(entry);
  });
  database.changed();
}

async function ownerOf(database: Database, storyId: string): Promise<Owner | null> {
  const story = await database.read(['stories'], (tx) => tx.objectStore('stories').get(storyId));
  return story ? { storyId, personId: story.personId } : null;
}
