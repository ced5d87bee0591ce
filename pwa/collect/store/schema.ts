import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { ToldProject } from '../domain/feed';
import type { KnownPerson } from '../domain/project';
import type { Recording } from '../domain/story';
import type { Chunk } from './bytes';
import type { Row } from './rows';
import type { VaultRow } from './vault';

export const DATABASE = 'earshot';
export const VERSION = 3;

/** What sending has to remember: how far the feed was read for whom, and this phone's own id. */
export type SyncRow = { id: 'feed'; personId: string; cursor: number } | { id: 'device'; deviceId: string };

/** Rows on the phone. Bytes are ArrayBuffers, since WebKit loses Blobs. */
export interface Schema extends DBSchema {
  people: { key: string; value: KnownPerson };
  projects: { key: string; value: ToldProject };
  stories: { key: string; value: Row<'stories'> };
  consents: { key: string; value: Row<'consents'>; indexes: { storyId: string } };
  quotes: { key: string; value: Row<'quotes'>; indexes: { storyId: string } };
  photos: { key: string; value: Row<'photos'>; indexes: { storyId: string } };
  recordings: { key: string; value: Recording; indexes: { storyId: string; state: string } };
  chunks: { key: [string, number]; value: Chunk };
  outbox: { key: string; value: Row<'outbox'>; indexes: { storyId: string } };
  sync: { key: string; value: SyncRow };
  keys: { key: string; value: VaultRow };
}

export type StoreName = StoreNames<Schema>;
export type Writing = IDBPTransaction<Schema, StoreName[], 'readwrite'>;
export type Reading = IDBPTransaction<Schema, StoreName[], 'readonly'>;

/** Brings a database of any released version up to `VERSION`, one step at a time. */
export function upgrade(db: IDBPDatabase<Schema>, from: number): void {
  if (from < 1) {
    db.createObjectStore('people', { keyPath: 'id' });
    db.createObjectStore('projects', { keyPath: 'id' });
    db.createObjectStore('stories', { keyPath: 'id' });
    db.createObjectStore('consents', { keyPath: 'id' }).createIndex('storyId', 'storyId');
    db.createObjectStore('quotes', { keyPath: 'id' }).createIndex('storyId', 'storyId');
    db.createObjectStore('photos', { keyPath: 'id' }).createIndex('storyId', 'storyId');
    const recordings = db.createObjectStore('recordings', { keyPath: 'id' });
    recordings.createIndex('storyId', 'storyId');
    recordings.createIndex('state', 'state');
    db.createObjectStore('chunks', { keyPath: ['partId', 'number'] });
    db.createObjectStore('outbox', { keyPath: 'id' }).createIndex('storyId', 'storyId');
  }
  if (from < 2) db.createObjectStore('sync', { keyPath: 'id' });
  if (from < 3) db.createObjectStore('keys', { keyPath: 'id' });
}
