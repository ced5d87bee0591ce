import type { EntryKind, EntryStanding, OutboxEntry } from '../domain/outbox';
import { readyAgain } from '../domain/outbox';
import { rowsOf } from './bytes';
import type { Database } from './database';
import { fromRow, openPart, readable } from './rows';

/** Every entry that can be read now. */
export async function allEntries(database: Database): Promise<OutboxEntry[]> {
  const rows = await database.read(['outbox'], (tx) => tx.objectStore('outbox').getAll());
  return readable(database, 'outbox', rows);
}

/** How every entry stands, which needs no key. */
export function allStandings(database: Database): Promise<EntryStanding[]> {
  return database.read(['outbox'], (tx) => tx.objectStore('outbox').getAll());
}

type Change = <Entry extends EntryStanding>(entry: Entry) => Entry;

/** Changes how one entry stands on disk now, and returns it; null when it is no longer there. */
export async function changeEntry(database: Database, id: string, change: Change): Promise<OutboxEntry | null> {
  const changed = await database.write(['outbox'], async (tx) => {
    const entry = await tx.objectStore('outbox').get(id);
    if (!entry) return null;
    const next = change(entry);
    await tx.objectStore('outbox').put(next);
    return next;
  });
  database.changed();
  return changed && fromRow(database, 'outbox', changed);
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

/** Entries whose sender was cut off wait again. Only the tab that holds the outbox lock may call this. */
export function wakeCutOff(database: Database): Promise<void> {
  return changeEntries(database, (entry) => (entry.state === 'sending' ? readyAgain(entry) : entry));
}

/** Sends words again that were sent before: of one story, or of all. The server knows what it has, and loses nothing. */
export function sendAgain(database: Database, storyId: string | null): Promise<void> {
  return changeEntries(database, (entry) =>
    entry.state === 'stored' && isWords(entry.kind) && (storyId === null || entry.storyId === storyId)
      ? { ...entry, state: 'waiting', attempts: 0, nextTryAt: 0, receivedAt: null }
      : entry,
  );
}

/** Notes a matching receipt and lets the file's bytes go, in one transaction. */
export async function keepReceipt(database: Database, entry: OutboxEntry): Promise<void> {
  await database.write(['outbox', 'chunks', 'photos', 'recordings'], async (tx) => {
    const row = await tx.objectStore('outbox').get(entry.id);
    if (!row) return;
    await tx.objectStore('outbox').put({ ...row, ...openPart('outbox', entry) });
    await tx.objectStore('chunks').delete(rowsOf(entry.id));
    for (const name of ['photos', 'recordings'] as const) {
      const part = await tx.objectStore(name).get(entry.id);
      if (part) await tx.objectStore(name).put({ ...part, released: true } as never);
    }
  });
  database.changed();
}

/** Removes every trace of a withdrawn story from this phone. */
export async function eraseStory(database: Database, storyId: string): Promise<void> {
  const parts = ['quotes', 'photos', 'recordings', 'consents', 'outbox'] as const;
  await database.write([...parts, 'stories', 'chunks'], async (tx) => {
    for (const name of parts) {
      for (const id of await tx.objectStore(name).index('storyId').getAllKeys(storyId)) {
        await tx.objectStore('chunks').delete(rowsOf(id));
        await tx.objectStore(name).delete(id);
      }
    }
    await tx.objectStore('stories').delete(storyId);
  });
  database.changed();
}

function isWords(kind: EntryKind): boolean {
  return kind !== 'photo' && kind !== 'recording';
}
