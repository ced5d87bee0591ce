import { Refusal } from '../domain/codes';
import { isMedia, placeInOrder } from '../domain/entry-kinds';
import { isKept } from '../domain/keeping';
import type { EntryStanding, OutboxEntry } from '../domain/outbox';
import type { Database } from './database';
import { fromRow } from './rows';
import type { Row } from './shapes';

/**
 * The entries that stand for one part of a story, with the consents and the story they need; all of the story where
 * no part is named. Files that were let go are left out. Throws `story_missing`, `locked` or `damaged_on_phone`.
 */
export async function entriesToSave(
  database: Database,
  storyId: string,
  partId: string | null,
): Promise<OutboxEntry[]> {
  const { rows, segmentIds } = await database.read(['outbox', 'segments'], async (tx) => ({
    rows: await tx.objectStore('outbox').index('storyId').getAll(storyId),
    segmentIds: await tx.objectStore('segments').index('recordingId').getAllKeys(partId ?? ''),
  }));
  const chosen = new Set([partId, ...segmentIds]);
  const wanted = (row: Row<'outbox'>): boolean =>
    partId === null || row.kind === 'consent' || row.kind === 'story' || chosen.has(row.id);
  const found = rows.filter((row) => wanted(row) && isHere(row)).sort(bySending);
  if (found.length === 0) throw new Refusal('story_missing');
  return Promise.all(found.map((row) => fromRow(database, 'outbox', row)));
}

function isHere(entry: EntryStanding): boolean {
  return !isMedia(entry.kind) || entry.state !== 'stored' || isKept(entry);
}

function bySending(a: EntryStanding, b: EntryStanding): number {
  return placeInOrder(a.kind) - placeInOrder(b.kind) || a.position - b.position || a.id.localeCompare(b.id);
}
