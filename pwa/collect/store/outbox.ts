import { Refusal } from '../domain/codes';
import { isMedia } from '../domain/entry-kinds';
import { isKept } from '../domain/keeping';
import { readyAgain, type EntryStanding, type OutboxEntry } from '../domain/outbox';
import type { Database } from './database';
import { needed } from './later-parts';
import { fromRow, openPart, orDamaged } from './rows';
import type { Row } from './shapes';

/** How every entry stands, which needs no key. */
export function allStandings(database: Database): Promise<EntryStanding[]> {
  return database.read(['outbox'], (tx) => tx.objectStore('outbox').getAll());
}

/**
 * How every entry stands for whoever sends. What an older app kept in the open and is not sealed yet cannot be sent:
 * it counts as on its way, so that it holds back what must follow it, and nothing else.
 */
export async function standingsToSend(database: Database): Promise<EntryStanding[]> {
  const rows = await database.read(['outbox'], (tx) => tx.objectStore('outbox').getAll());
  return rows.map((row) => (row.sealed === undefined && row.state === 'waiting' ? { ...row, state: 'sending' } : row));
}

/** One entry with what is in it; null when it is not there. Throws `locked` or `damaged_on_phone`. */
export async function openEntry(database: Database, id: string): Promise<OutboxEntry | null> {
  const row = await database.read(['outbox'], (tx) => tx.objectStore('outbox').get(id));
  return row ? entryOf(database, row) : null;
}

/**
 * A row with what is in it, which is made again where it is damaged and what it was made of is not. Throws `locked`,
 * `open_again` or `damaged_on_phone`.
 */
export async function entryOf(database: Database, row: Row<'outbox'>): Promise<OutboxEntry> {
  const entry = await fromRow(database, 'outbox', row).catch(orDamaged);
  if (entry) return entry;
  const { rebuilt } = await needed('rebuilding', import('./rebuilding'));
  const again = await rebuilt(database, row);
  if (!again) throw new Refusal('damaged_on_phone', 'an entry cannot be made again');
  return again;
}

type Change = <Entry extends EntryStanding>(entry: Entry) => Entry;

/** Changes how one entry stands on disk now, and returns that; null when it is no longer there. */
export async function changeEntry(database: Database, id: string, change: Change): Promise<EntryStanding | null> {
  const changed = await database.write(['outbox'], async (tx) => {
    const entry = await tx.objectStore('outbox').get(id);
    if (!entry) return null;
    const next = change(entry);
    await tx.objectStore('outbox').put(next);
    return next;
  });
  database.changed();
  return changed;
}

/** Keeps how an entry stands after a try. Nothing is put where it has gone in the meantime. */
export async function keepStanding(database: Database, entry: OutboxEntry): Promise<void> {
  const standing = openPart('outbox', entry);
  await changeEntry(database, entry.id, (found) => ({ ...found, ...standing }));
}

/** Changes how many entries stand, in one transaction. `change` returns the same object to leave one alone. */
export async function changeEntries(database: Database, change: Change): Promise<void> {
  const count = await database.write(['outbox'], async (tx) => {
    let written = 0;
    for (const entry of await tx.objectStore('outbox').getAll()) {
      const next = change(entry);
      if (next === entry) continue;
      await tx.objectStore('outbox').put(next);
      written += 1;
    }
    return written;
  });
  if (count > 0) database.changed();
}

/**
 * Entries whose sender was cut off wait again, and how often they were tried stays known. Only the tab that holds the
 * outbox lock may call this.
 */
export function wakeCutOff(database: Database): Promise<void> {
  return changeEntries(database, (entry) =>
    entry.state === 'sending' ? { ...readyAgain(entry), attempts: entry.attempts } : entry,
  );
}

/** Sends again what was sent before and is still here: of one story, or of all. The server knows what it has. */
export function sendAgain(database: Database, storyId: string | null): Promise<void> {
  return changeEntries(database, (entry) =>
    entry.state === 'stored' && (!isMedia(entry.kind) || isKept(entry)) && (storyId === null || entry.storyId === storyId)
      ? { ...entry, state: 'waiting', attempts: 0, nextTryAt: 0, receivedAt: null, keptSince: null }
      : entry,
  );
}

/**
 * Notes a matching receipt. Files stay for as long as their project wishes, which is noted too: nothing is known of
 * projects once nobody is signed in. A withdrawal has nothing left to keep.
 */
export async function keepReceipt(database: Database, entry: OutboxEntry): Promise<void> {
  await database.write(['outbox', 'stories', 'projects'], async (tx) => {
    const row = await tx.objectStore('outbox').get(entry.id);
    if (!row) return;
    if (entry.kind === 'withdrawal') return tx.objectStore('outbox').delete(entry.id);
    const story = await tx.objectStore('stories').get(entry.storyId);
    const keepHours = story && (await tx.objectStore('projects').get(story.projectId))?.keepHours;
    const known = keepHours === undefined ? {} : { keepHours };
    await tx.objectStore('outbox').put({ ...row, ...openPart('outbox', entry), ...known });
  });
  database.changed();
}
