import { sealedRows } from './bytes';
import type { Database } from './database';
import { toRow } from './rows';
import type { Chunk, Row, SealedStore } from './shapes';

const STORES: readonly SealedStore[] = ['stories', 'consents', 'quotes', 'photos', 'outbox'];

/**
 * Seals what apps before version 3 kept in the open, row by row, once there is a lock. Cut off midway, it goes on
 * where it was the next time: a row is either still as it was, or sealed.
 */
export async function sealOldRows(database: Database): Promise<void> {
  const left = await database.read(['settings'], (tx) => tx.objectStore('settings').getKey('old-rows'));
  if (left === undefined) return;
  for (const name of STORES) await sealStore(database, name);
  await sealChunks(database);
  await database.write(['settings'], (tx) => tx.objectStore('settings').delete('old-rows'));
}

async function sealStore<Name extends SealedStore>(database: Database, name: Name): Promise<void> {
  const rows = await database.read([name], (tx) => tx.objectStore(name).getAll());
  for (const old of (rows as unknown[]).filter(isOpen)) {
    const row = await toRow(database, name, now(old) as never);
    await replace(database, name, old.id, row);
  }
}

/** A row that was sent or erased in the meantime, as by another tab, is left as it is. */
async function replace<Name extends SealedStore>(database: Database, name: Name, id: string, row: Row<Name>) {
  await database.write([name], async (tx) => {
    const store = tx.objectStore(name);
    if (isOpen(await store.get(id))) await store.put(row as never);
  });
}

async function sealChunks(database: Database): Promise<void> {
  const keys = await database.read(['chunks'], (tx) => tx.objectStore('chunks').getAllKeys());
  for (const key of keys) {
    // One at a time, so that hours of sound need no more memory than a second of it.
    const old = await database.read(['chunks'], (tx) => tx.objectStore('chunks').get(key));
    if (!old || 'keyId' in old) continue;
    const { partId, number, bytes, untilMs } = old as Chunk;
    const [row] = await sealedRows(database, partId, number, bytes, untilMs);
    await database.write(['chunks'], async (tx) => {
      const found = await tx.objectStore('chunks').get(key);
      if (row && found && !('keyId' in found)) await tx.objectStore('chunks').put(row);
    });
  }
}

function isOpen(row: unknown): row is { id: string } {
  return typeof row === 'object' && row !== null && !('sealed' in row);
}

/** What an outbox entry kept of its receipt was the whole of it; the moment is enough. */
function now(old: { id: string; receipt?: { receivedAt: string } | null }): object {
  if (!('receipt' in old)) return old;
  const { receipt, ...rest } = old;
  return { ...rest, receivedAt: receipt?.receivedAt ?? null };
}
