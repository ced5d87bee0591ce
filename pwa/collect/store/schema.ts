import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { EvidenceFile } from '../domain/consent';
import type { ToldProject } from '../domain/feed';
import type { SendingChoice } from '../domain/line';
import type { KnownPerson } from '../domain/project';
import type { Recording, Segment } from '../domain/recording';
import { inSegments, type OldRecording } from './old-recordings';
import type { Chunk, Row, Sealed, VaultRow } from './shapes';

export const DATABASE = 'earshot';
export const VERSION = 3;

/** What sending has to remember: how far the feed was read for whom, and this phone's own id. */
export type SyncRow = { id: 'feed'; personId: string; cursor: number } | { id: 'device'; deviceId: string };

/** The file that shows a consent; its bytes are in `chunks`. */
export interface EvidenceRow extends EvidenceFile {
  storyId: string;
  consentId: string;
}

/** Something that is not finished: answers to a consent wording, a quote or a worry being written, or a photo. */
export interface DraftRow {
  name: string;
  sealed: Sealed;
}

/** What somebody chose for this phone. */
export type SettingsRow = ({ id: 'sending' } & SendingChoice) | { id: 'old-rows' };

/** Rows on the phone. Bytes are ArrayBuffers, since WebKit loses Blobs. */
export interface Schema extends DBSchema {
  people: { key: string; value: KnownPerson };
  projects: { key: string; value: ToldProject };
  stories: { key: string; value: Row<'stories'> };
  consents: { key: string; value: Row<'consents'>; indexes: { storyId: string } };
  quotes: { key: string; value: Row<'quotes'>; indexes: { storyId: string } };
  photos: { key: string; value: Row<'photos'>; indexes: { storyId: string } };
  recordings: { key: string; value: Recording; indexes: { storyId: string; state: string } };
  segments: { key: string; value: Segment; indexes: { storyId: string; recordingId: string; state: string } };
  markers: { key: string; value: Row<'markers'>; indexes: { storyId: string; recordingId: string } };
  chunks: { key: [string, number]; value: Chunk };
  outbox: { key: string; value: Row<'outbox'>; indexes: { storyId: string } };
  sync: { key: string; value: SyncRow };
  keys: { key: string; value: VaultRow };
  settings: { key: string; value: SettingsRow };
  evidence: { key: string; value: EvidenceRow; indexes: { storyId: string; consentId: string } };
  drafts: { key: string; value: DraftRow };
}

/**
 * Stores whose rows belong to a story, by their index `storyId`. All of them are emptied of a story that is erased, but
 * for the news of it in `outbox`.
 */
export const OF_A_STORY = [
  'quotes', 'photos', 'recordings', 'segments', 'markers', 'consents', 'evidence', 'outbox',
] as const;

/** Stores of what has bytes in `chunks` under its own id, and says by `released` that they were let go. */
export const WITH_BYTES = ['photos', 'segments', 'evidence'] as const;

export type StoreName = StoreNames<Schema>;
export type Writing = IDBPTransaction<Schema, StoreName[], 'readwrite'>;
export type Reading = IDBPTransaction<Schema, StoreName[], 'readonly'>;

/** Brings a database of any released version up to `VERSION`, one step at a time. */
export function upgrade(
  db: IDBPDatabase<Schema>,
  from: number,
  _to: number | null,
  tx: IDBPTransaction<Schema, StoreName[], 'versionchange'>,
): void {
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
  if (from < 3) {
    db.createObjectStore('keys', { keyPath: 'id' });
    const segments = db.createObjectStore('segments', { keyPath: 'id' });
    for (const name of ['storyId', 'recordingId', 'state'] as const) segments.createIndex(name, name);
    const markers = db.createObjectStore('markers', { keyPath: 'id' });
    for (const name of ['storyId', 'recordingId'] as const) markers.createIndex(name, name);
    const evidence = db.createObjectStore('evidence', { keyPath: 'id' });
    evidence.createIndex('storyId', 'storyId');
    evidence.createIndex('consentId', 'consentId');
    db.createObjectStore('drafts', { keyPath: 'name' });
    db.createObjectStore('settings', { keyPath: 'id' });
    // In the same transaction, so that no recording is ever in neither shape.
    void keepInSegments(tx);
    // An earlier app kept rows in the open, which are to be sealed once there is a PIN.
    if (from > 0) void tx.objectStore('settings').put({ id: 'old-rows' });
    // Earlier apps had no use for some of what the feed told them: it is read again from its start.
    if (from === 2) void tx.objectStore('sync').delete('feed');
  }
}

async function keepInSegments(tx: IDBPTransaction<Schema, StoreName[], 'versionchange'>): Promise<void> {
  for (const old of (await tx.objectStore('recordings').getAll()) as unknown[]) {
    const { recording, segment } = inSegments(old as OldRecording);
    await tx.objectStore('recordings').put(recording);
    await tx.objectStore('segments').put(segment);
  }
}
