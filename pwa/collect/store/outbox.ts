import type { OutboxEntry } from '../domain/outbox';
import { readyAgain } from '../domain/outbox';
import { rowsOf } from './bytes';
import type { Database } from './database';

export function allEntries(database: Database): Promise<OutboxEntry[]> {
  return database.read(['outbox'], (tx) => tx.objectStore('outbox').getAll());
}

/** Changes one entry as it is on disk now; null when it is no longer there. */
export async function changeEntry(
  database: Database,
  id: string,
  change: (entry: OutboxEntry) => OutboxEntry,
): Promise<OutboxEntry | null> {
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

/** Changes many entries at once, in one transaction. `change` returns the same object to leave one alone. */
export async function changeEntries(
  database: Database,
  change: (entry: OutboxEntry) => OutboxEntry,
): Promise<void> {
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
    entry.state === 'stored' && entry.body !== null && (storyId === null || entry.storyId === storyId)
      ? { ...entry, state: 'waiting', attempts: 0, nextTryAt: 0, receipt: null }
      : entry,
  );
}

/** Notes a matching receipt and lets the file's bytes go, in one transaction. */
export async function keepReceipt(database: Database, entry: OutboxEntry): Promise<void> {
  await database.write(['outbox', 'chunks', 'photos', 'recordings'], async (tx) => {
    await tx.objectStore('outbox').put(entry);
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
