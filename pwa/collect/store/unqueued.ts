import type { Unqueued } from '../domain/device';
import type { Database } from './database';

interface Part {
  id: string;
  storyId: string;
  state?: string;
  size?: number;
  startedAt?: string;
  takenAt?: string;
  writtenAt?: string;
  madeAt?: string;
}

const STORES = ['quotes', 'photos', 'recordings', 'segments', 'evidence'] as const;

/**
 * What is on this phone with no outbox entry to stand for it: sound still coming in, or sealed and not queued yet,
 * as after a crash. It needs no key, and counts as unsent.
 */
export async function unqueuedParts(database: Database): Promise<Unqueued[]> {
  const { queued, parts } = await database.read([...STORES, 'outbox'], async (tx) => ({
    queued: new Set(await tx.objectStore('outbox').getAllKeys()),
    parts: (await Promise.all(STORES.map((name) => tx.objectStore(name).getAll()))).flat() as Part[],
  }));
  return parts
    .filter(({ id, state }) => !queued.has(id) && state !== 'queued')
    .map(({ storyId, size = 0, startedAt, takenAt, writtenAt, madeAt }) => ({
      storyId,
      bytes: size,
      at: startedAt ?? takenAt ?? writtenAt ?? madeAt ?? '',
    }));
}
