import { Refusal } from '../domain/codes';
import { isMedia, placeInOrder } from '../domain/entry-kinds';
import { isKept } from '../domain/keeping';
import type { EntryStanding, OutboxEntry } from '../domain/outbox';
import type { Database } from './database';
import { fileFacts } from './file-facts';
import { FileRows } from './file-rows';
import { entryOf } from './outbox';
import { queueRecording } from './queueing';
import { orDamaged } from './rows';
import type { Row } from './shapes';

const READ_AT_ONCE = 1024 * 1024;

/** Ends a recording that nobody is making. Throws `already_recording` while any tab records. */
export type EndRecording = (recordingId: string) => Promise<void>;

export interface ToSave {
  entries: OutboxEntry[];
  /** How many were left out because they are damaged. */
  damaged: number;
}

/**
 * The entries that stand for one part of a story, with the consents and the story they need; all of the story where
 * no part is named. Files that were let go are left out, and so is what is damaged. A recording that was cut off is
 * ended by `end`: without its manifest its sound could never become one. Throws `story_missing`, `locked`,
 * `already_recording` while sound still comes in, or `damaged_on_phone` where nothing that was asked for is whole.
 */
export async function entriesToSave(
  database: Database,
  storyId: string,
  partId: string | null,
  end: EndRecording,
): Promise<ToSave> {
  await queueSound(database, storyId, partId, end);
  const { rows, chosen } = await rowsToSave(database, storyId, partId);
  const entries: OutboxEntry[] = [];
  for (const row of rows) {
    const entry = await whole(database, row);
    if (entry) entries.push(entry);
  }
  // A manifest without any of its sound is no recording.
  const asked = rows.filter(({ id }) => partId === null || chosen.has(id));
  const sound = asked.filter(({ kind }) => partId !== null && isMedia(kind));
  const needed = new Set((sound.length > 0 ? sound : asked).map(({ id }) => id));
  if (needed.size > 0 && !entries.some(({ id }) => needed.has(id))) throw new Refusal('damaged_on_phone');
  return { entries, damaged: rows.length - entries.length };
}

/** Sound that has no entry yet gets one, and a recording that has ended its manifest, so that neither is left out. */
async function queueSound(
  database: Database,
  storyId: string,
  partId: string | null,
  end: EndRecording,
): Promise<void> {
  const { recordings, segments } = await database.read(['recordings', 'segments'], async (tx) => ({
    recordings: await tx.objectStore('recordings').index('storyId').getAll(storyId),
    segments: await tx.objectStore('segments').index('storyId').getAll(storyId),
  }));
  const wanted = recordings.filter(({ id }) => partId === null || id === partId);
  const isWanted = (id: string): boolean => wanted.some((recording) => recording.id === id);
  if (segments.some(({ state, recordingId }) => state === 'open' && isWanted(recordingId)))
    throw new Refusal('already_recording');
  for (const { id, state } of wanted) {
    if (state === 'open') await end(id);
    await queueRecording(database, id);
  }
}

async function rowsToSave(
  database: Database,
  storyId: string,
  partId: string | null,
): Promise<{ rows: Row<'outbox'>[]; chosen: ReadonlySet<string | null> }> {
  const { rows, segmentIds } = await database.read(['outbox', 'segments'], async (tx) => ({
    rows: await tx.objectStore('outbox').index('storyId').getAll(storyId),
    segmentIds: await tx.objectStore('segments').index('recordingId').getAllKeys(partId ?? ''),
  }));
  const chosen = new Set([partId, ...segmentIds]);
  const wanted = (row: Row<'outbox'>): boolean =>
    partId === null || row.kind === 'consent' || row.kind === 'story' || chosen.has(row.id);
  const found = rows.filter((row) => wanted(row) && isHere(row)).sort(bySending);
  if (found.length === 0) throw new Refusal('story_missing');
  return { rows: found, chosen };
}

/** The entry, once all of what it stands for was read; null when any of that is damaged. */
async function whole(database: Database, row: Row<'outbox'>): Promise<OutboxEntry | null> {
  try {
    const entry = await entryOf(database, row);
    return !isMedia(entry.kind) || (await isWholeFile(database, entry)) ? entry : null;
  } catch (error) {
    return orDamaged(error);
  }
}

async function isWholeFile(database: Database, entry: OutboxEntry): Promise<boolean> {
  await fileFacts(database, entry);
  const file = await FileRows.of(database, entry.id);
  for (let start = 0; start < file.size; start += READ_AT_ONCE) await file.slice(start, start + READ_AT_ONCE);
  return file.size === entry.bytes && entry.sha256 !== '';
}

function isHere(entry: EntryStanding): boolean {
  return !isMedia(entry.kind) || entry.state !== 'stored' || isKept(entry);
}

function bySending(a: EntryStanding, b: EntryStanding): number {
  return placeInOrder(a.kind) - placeInOrder(b.kind) || a.position - b.position || a.id.localeCompare(b.id);
}
