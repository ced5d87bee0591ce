import { openDB } from 'idb';
import { describe, expect, it, vi } from 'vitest';
import { Database } from '../../collect/store/database';
import { VERSION } from '../../collect/store/schema';
import { feedCursor } from '../../collect/store/feed';
import { keepPerson, keptPerson } from '../../collect/store/projects';
import { keptStory, newDatabase } from '../makers';
import { everythingKept } from '../../collect/store/stories';

/** What version 1 had, by name, besides indices that nobody looks up here. */
const FIRST_STORES = ['people', 'projects', 'stories', 'consents', 'quotes', 'photos', 'recordings', 'chunks', 'outbox'];
const amina = { id: 'a', name: 'Amina', seenAt: 'now' };

/** The browser's own transaction call fails so many times. */
function failing(times: number, name: string): void {
  const real = IDBDatabase.prototype.transaction;
  let left = times;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
    if (args[1] !== 'readwrite' || left === 0) return real.apply(this, args);
    left -= 1;
    throw new DOMException('made for this test', name);
  });
}

describe('writing', () => {
  it('is tried again once on a fresh connection (fault 11)', async () => {
    const database = await newDatabase();
    failing(1, 'InvalidStateError');
    await keepPerson(database, amina);
    expect(await keptPerson(database)).toEqual(amina);
  });

  it('says so when it fails twice (fault 11)', async () => {
    const database = await newDatabase();
    failing(2, 'InvalidStateError');
    await expect(keepPerson(database, amina)).rejects.toMatchObject({ code: 'not_saved' });
  });

  it('says so when the phone is full (fault 10)', async () => {
    const database = await newDatabase();
    failing(1, 'QuotaExceededError');
    await expect(keepPerson(database, amina)).rejects.toMatchObject({ code: 'phone_full' });
  });

  it('keeps all of a story or none of it', async () => {
    const database = await newDatabase();
    const real = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value) {
      if (this.name === 'outbox') throw new DOMException('made for this test', 'UnknownError');
      return real.call(this, value);
    });
    await expect(keptStory(database)).rejects.toMatchObject({ code: 'not_saved' });
    vi.restoreAllMocks();
    const kept = await everythingKept(database);
    expect([kept.stories, kept.consents, kept.entries]).toEqual([[], [], []]);
  });
});

describe('opening', () => {
  it('an older app refuses to write into a database of a newer shape (fault 15)', async () => {
    const name = `earshot-newer-shape-${Math.random()}`;
    const newer = await openDB(name, VERSION + 1);
    newer.close();
    const database = new Database(name);
    await expect(keepPerson(database, amina)).rejects.toMatchObject({ code: 'not_saved' });
    expect(database.trouble.get()).toBe('newer_app_open');
  });

  it('keeps what an app of the first version kept (fault 15)', async () => {
    const name = `earshot-first-shape-${Math.random()}`;
    const first = await openDB(name, 1, {
      upgrade: (db) => FIRST_STORES.forEach((store) => db.createObjectStore(store, { keyPath: 'id' })),
    });
    await first.put('people', amina);
    first.close();
    const database = new Database(name);
    expect(await keptPerson(database)).toEqual(amina);
    expect(await feedCursor(database, amina.id)).toBe(0);
    database.close();
  });

  it('lets go when another tab needs a newer shape', async () => {
    const name = `earshot-newer-${Math.random()}`;
    const database = new Database(name);
    await keepPerson(database, amina);
    const newer = await openDB(name, VERSION + 1);
    expect(newer.version).toBe(VERSION + 1);
    newer.close();
  });

  it('tells of changes made in this tab', async () => {
    const database = await newDatabase();
    const heard = vi.fn();
    database.onChange(heard);
    await keepPerson(database, amina);
    expect(heard).toHaveBeenCalled();
  });
});
