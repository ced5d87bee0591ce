import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../collect/store/database';
import { allStandings, changeEntry, wakeCutOff } from '../../collect/store/outbox';
import type { Engine } from '../../collect/sync/engine';
import { discardPart, saveQuote } from '../../collect/store/parts';
import { takeBack } from '../../collect/store/erasing';
import type { Fetch } from '../../collect/sync/network';
import { PIECE_BYTES } from '../../collect/sync/upload';
import { Browser, keptStory, newDatabase, PIN, soundOf } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';
import { queuedSegment } from './files';

let server: FakeServer;
let address: string;
let database: Database;
let engine: Engine;
let clock: number;

beforeEach(async () => {
  server = new FakeServer();
  address = await server.open();
  database = await newDatabase();
  clock = 1_000_000;
  engine = engineOf(database, (url, init) => fetch(address + url, init), new Browser(), () => (clock += 10));
});
afterEach(() => {
  server.close();
  database.close();
});

const entriesOf = async (storyId: string) => (await allStandings(database)).filter((entry) => entry.storyId === storyId);
const consentOf = async (storyId: string) => (await entriesOf(storyId)).find(({ kind }) => kind === 'consent')!;
const statesOf = async (storyId: string) => (await entriesOf(storyId)).map(({ kind, state }) => `${kind} ${state}`).sort();

describe('an entry that something unexpected happens to', () => {
  it('is kept, waits longer each time, and the others go on', async () => {
    const [bad, good] = [await keptStory(database), await keptStory(database)];
    const { id } = await consentOf(bad.id);
    const real = database.vault.open.bind(database.vault);
    database.vault.open = (place, sealed) =>
      place.endsWith(id) ? Promise.reject(new TypeError('something unexpected')) : real(place, sealed);
    await engine.wake();
    expect(await statesOf(good.id)).toEqual(['consent stored', 'story stored']);
    expect(await consentOf(bad.id)).toMatchObject({ state: 'waiting', code: 'not_saved', attempts: 1 });
    expect((await consentOf(bad.id)).nextTryAt).toBeGreaterThan(clock);
    clock += 10_000;
    await engine.wake();
    expect(await consentOf(bad.id)).toMatchObject({ state: 'waiting', attempts: 2 });
    database.vault.open = real;
    clock += 600_000;
    await engine.wake();
    expect(await statesOf(bad.id)).toEqual(['consent stored', 'story stored']);
  });

  it('keeps count of its tries when its sender was cut off', async () => {
    const story = await keptStory(database);
    const { id } = await consentOf(story.id);
    await changeEntry(database, id, (entry) => ({ ...entry, state: 'sending', attempts: 3 }));
    await wakeCutOff(database);
    expect(await consentOf(story.id)).toMatchObject({ state: 'waiting', attempts: 3, nextTryAt: 0 });
  });
});

it('what an older app kept in the open waits untried until it is sealed, and the others go on', async () => {
  const [old, good] = [await keptStory(database), await keptStory(database)];
  const { id } = await consentOf(old.id);
  await database.write(['outbox'], async (tx) => {
    const { sealed: _sealed, ...open } = (await tx.objectStore('outbox').get(id))!;
    await tx.objectStore('outbox').put(open as never);
  });
  await engine.wake();
  expect(await statesOf(good.id)).toEqual(['consent stored', 'story stored']);
  expect(await statesOf(old.id)).toEqual(['consent waiting', 'story waiting']);
  expect(await consentOf(old.id)).toMatchObject({ attempts: 0, code: null });
});

it('what was ever tried cannot be deleted as if only this phone had it, also when it is to be tried again', async () => {
  const story = await keptStory(database);
  await saveQuote(database, 'person', { id: 'q', storyId: story.id, text: 'Words', writtenAt: 'now' });
  server.answered = () => (server.requests.at(-1) === 'PUT /api/v1/quotes/q' ? 'lost' : 'sent');
  await engine.wake();
  expect(server.held.has('q')).toBe(true);
  await changeEntry(database, 'q', (entry) => ({ ...entry, state: 'waiting', attempts: 0, nextTryAt: 0, code: null }));
  await expect(discardPart(database, 'q')).rejects.toMatchObject({ code: 'may_be_sent' });
});

it('what the server looked at and refused can be deleted, although it was tried', async () => {
  const story = await keptStory(database);
  await saveQuote(database, 'person', { id: 'q', storyId: story.id, text: 'Words', writtenAt: 'now' });
  server.fault = (method, path) =>
    method === 'PUT' && path.endsWith('/q') ? { status: 422, body: { code: 'use_refused', message: 'No.' } } : null;
  await engine.wake();
  await discardPart(database, 'q');
  expect((await allStandings(database)).map(({ kind }) => kind).sort()).toEqual(['consent', 'story']);
});

it('what stopped because the phone was locked goes as soon as it is unlocked', async () => {
  const story = await keptStory(database);
  const id = await queuedSegment(database, story.id, soundOf(PIECE_BYTES), soundOf(PIECE_BYTES));
  server.fault = (method) => {
    if (method === 'PATCH') database.vault.lock();
    return null;
  };
  await engine.wake();
  const standing = async () => (await allStandings(database)).find((entry) => entry.id === id);
  expect(await standing()).toMatchObject({ state: 'waiting', code: 'locked', attempts: 0, nextTryAt: 0 });
  server.fault = () => null;
  await database.vault.unlock(PIN);
  await engine.wake();
  expect(await standing()).toMatchObject({ state: 'stored' });
});

it('a withdrawal does not wait behind a whole file, which then goes on at the same byte', async () => {
  const [gone, story] = [await keptStory(database), await keptStory(database)];
  const id = await queuedSegment(database, story.id, soundOf(4 * PIECE_BYTES));
  let taking: Promise<void> | null = null;
  const slow: Fetch = async (url, init) => {
    if (init?.method === 'PATCH') await (taking ??= takeBack(database, gone.id, ''));
    return fetch(address + url, init);
  };
  await engineOf(database, slow, new Browser(), () => (clock += 10)).wake();
  const order = server.requests.filter((line) => /^(PATCH|PUT .*withdrawals)/.test(line)).map((line) => line.split(' ')[0]);
  expect(order.indexOf('PUT')).toBeGreaterThan(0);
  expect(order.indexOf('PUT')).toBeLessThan(4);
  expect(order.filter((method) => method === 'PATCH')).toHaveLength(4);
  expect((await allStandings(database)).find((entry) => entry.id === id)).toMatchObject({ state: 'stored' });
});

describe('what stands on disk as being sent by a tab that is gone', () => {
  it('waits again, also with no signal, and keeps nothing else busy', async () => {
    const story = await keptStory(database);
    const { id } = await consentOf(story.id);
    await changeEntry(database, id, (entry) => ({ ...entry, state: 'sending' }));
    server.fault = () => 'cut';
    expect(engine.sending.get()).toBe(false);
    await engine.wake();
    expect(engine.online.get()).toBe(false);
    expect(await consentOf(story.id)).toMatchObject({ state: 'waiting' });
  });

  it('the engine says that it sends while it does, and no longer', async () => {
    await keptStory(database);
    const seen: boolean[] = [];
    server.fault = (method, path) => {
      if (method === 'PUT' && !path.includes('/devices/')) seen.push(engine.sending.get());
      return null;
    };
    await engine.wake();
    expect([...seen, engine.sending.get()]).toEqual([true, true, false]);
  });
});
