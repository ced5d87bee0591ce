import { openDB } from 'idb';
import { expect, it } from 'vitest';
import { uuidv7 } from '../../collect/domain/ids';
import { joinedBytes } from '../../collect/store/bytes';
import { Database } from '../../collect/store/database';
import { sealOldRows } from '../../collect/store/old-rows';
import { everythingKept } from '../../collect/store/stories';
import { allEntries } from '../entries';
import { CHEAP, PIN, soundOf } from '../makers';

const KEYS = { chunks: ['partId', 'number'] } as Record<string, string[]>;
const STORES = ['people', 'projects', 'stories', 'consents', 'quotes', 'photos', 'recordings', 'chunks', 'outbox', 'sync'];
const receipt = { id: 'q', kind: 'quote', sha256: 'h', bytes: 9, receivedAt: '2026-11-21T10:00:00Z', notices: [] };

/** A phone on which an app of version 2 kept a story, a quote that was sent, and a photo that was not. */
async function phoneOfVersion2(): Promise<Database> {
  const name = `earshot-old-${uuidv7()}`;
  const old = await openDB(name, 2, {
    upgrade(db) {
      for (const store of STORES) {
        const made = db.createObjectStore(store, { keyPath: KEYS[store] ?? 'id' });
        if (!['people', 'projects', 'chunks', 'sync'].includes(store)) made.createIndex('storyId', 'storyId');
        if (store === 'recordings') made.createIndex('state', 'state');
      }
    },
  });
  const story = { id: 's', projectId: 'p', personId: 'me', conversationId: 'c', pseudonym: 'CANARY', place: '', toldAt: 'now' };
  await old.put('stories', { ...story, receiptCode: 'A' });
  await old.put('consents', { id: 'k', projectId: 'p', storyId: 's', wordingId: 'w', answers: {}, how: 'spoken' });
  await old.put('quotes', { id: 'q', storyId: 's', text: 'CANARY', writtenAt: 'now', position: 1 });
  await old.put('photos', { id: 'f', storyId: 's', description: 'CANARY', position: 2, size: 6_000 });
  await old.put('chunks', { partId: 'f', number: 0, bytes: soundOf(6_000), size: 6_000, untilMs: 0 });
  await old.put('outbox', { id: 'q', kind: 'quote', storyId: 's', body: '"CANARY"', sha256: 'h', state: 'stored', receipt });
  await old.put('outbox', { id: 'f', kind: 'photo', storyId: 's', body: null, sha256: 'p', state: 'waiting', sentBytes: 9, receipt: null });
  old.close();
  return new Database(name, CHEAP);
}

async function onDisk(database: Database): Promise<string> {
  const stores = ['stories', 'consents', 'quotes', 'photos', 'outbox'] as const;
  const rows = await database.read([...stores], (tx) => Promise.all(stores.map((name) => tx.objectStore(name).getAll())));
  return JSON.stringify(rows);
}

it('what an older app kept in the open is sealed once there is a PIN, and none of it is lost (fault 15)', async () => {
  const database = await phoneOfVersion2();
  expect(await onDisk(database)).toContain('CANARY');
  await database.vault.setUp(PIN);
  await sealOldRows(database);
  expect(await onDisk(database)).not.toContain('CANARY');
  const kept = await everythingKept(database);
  expect(kept.stories).toMatchObject([{ id: 's', pseudonym: 'CANARY', receiptCode: 'A' }]);
  expect(kept.quotes).toMatchObject([{ text: 'CANARY', position: 1 }]);
  expect(kept.photos).toMatchObject([{ description: 'CANARY' }]);
  expect(new Uint8Array((await joinedBytes(database, 'f'))!)).toEqual(new Uint8Array(soundOf(6_000)));
  expect(await allEntries(database)).toMatchObject([
    { id: 'f', state: 'waiting', sentBytes: 9, receivedAt: null, sha256: 'p' },
    { id: 'q', state: 'stored', receivedAt: receipt.receivedAt, body: '"CANARY"' },
  ]);
});

it('sealing that is cut off midway goes on where it was (fault 15)', async () => {
  const database = await phoneOfVersion2();
  await database.vault.setUp(PIN);
  const half = database.write.bind(database);
  let left = 4;
  database.write = ((...args: Parameters<typeof half>) =>
    (left -= 1) < 0 ? Promise.reject(new Error('the phone went dead')) : half(...args)) as typeof database.write;
  await expect(sealOldRows(database)).rejects.toThrow('the phone went dead');
  database.write = half;
  await sealOldRows(database);
  expect(await onDisk(database)).not.toContain('CANARY');
  expect((await everythingKept(database)).quotes).toMatchObject([{ text: 'CANARY' }]);
});
