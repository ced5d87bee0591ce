import { afterEach, beforeEach, expect, it } from 'vitest';
import { summary } from '../../collect/domain/status';
import { joinedBytes } from '../../collect/store/bytes';
import type { Database } from '../../collect/store/database';
import { forgetPerson } from '../../collect/store/projects';
import type { Engine } from '../../collect/sync/engine';
import { allEntries } from '../entries';
import { Browser, keptStory, newDatabase, soundOf } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';
import { queuedSegment } from './files';

const HOUR = 60 * 60_000;
let server: FakeServer;
let database: Database;
let engine: Engine;
let clock: number;

beforeEach(async () => {
  server = new FakeServer();
  const address = await server.open();
  database = await newDatabase();
  clock = 1_000 * HOUR;
  engine = engineOf(database, (url, init) => fetch(address + url, init), new Browser(), () => clock);
});
afterEach(() => {
  server.close();
  database.close();
});

const project = (keep_hours: number) => ({
  kind: 'project', id: 'project', project_id: 'project', project: { name: 'Carers', keep_hours, places: [] },
});
const sizeOf = async (id: string): Promise<number> => (await joinedBytes(database, id))?.byteLength ?? 0;
const wakeAt = async (time: number): Promise<void> => {
  clock = time;
  await engine.wake();
};

/** Nothing is known of the projects any more. */
async function forgotten(what: string): Promise<void> {
  server.signedIn = what === 'a sign-out' ? null : { id: 'other', name: 'Bo' };
  server.feed.length = 0;
  if (server.signedIn) await wakeAt(clock + 60_000);
  else await forgetPerson(database);
  expect(await database.read(['projects'], (tx) => tx.objectStore('projects').count())).toBe(0);
}

async function sentSegment(): Promise<string> {
  const story = await keptStory(database);
  const id = await queuedSegment(database, story.id, soundOf(100));
  await engine.wake();
  return id;
}

it('a file stays for as long as its project wishes after its receipt, and is then let go', async () => {
  server.feed.push(project(3));
  const [id, start] = [await sentSegment(), clock];
  expect(summary(await allEntries(database)).keptBytes).toBe(100);
  await wakeAt(start + 3 * HOUR - 1);
  expect(await sizeOf(id)).toBe(100);
  await wakeAt(start + 3 * HOUR);
  expect(await sizeOf(id)).toBe(0);
  expect(summary(await allEntries(database))).toMatchObject({ keptBytes: 0, everythingSent: true });
  expect(await database.read(['segments'], (tx) => tx.objectStore('segments').get(id))).toMatchObject({ released: true });
});

it.each(['a sign-out', 'somebody else’s sign-in'])('a week that the project wished for outlives %s', async (what) => {
  server.feed.push(project(7 * 24));
  const [id, start] = [await sentSegment(), clock];
  await forgotten(what);
  await wakeAt(start + 7 * 24 * HOUR - 1);
  expect(await sizeOf(id)).toBe(100);
  await wakeAt(start + 7 * 24 * HOUR);
  expect(await sizeOf(id)).toBe(0);
});

it.each(['a sign-out', 'somebody else’s sign-in'])('a project that wants nothing kept is heeded after %s', async (what) => {
  server.feed.push(project(0));
  const id = await sentSegment();
  await forgotten(what);
  await wakeAt(clock + 1);
  expect(await sizeOf(id)).toBe(0);
});

it('a project that changes its mind is heeded while it is known', async () => {
  server.feed.push(project(7 * 24));
  const [id, start] = [await sentSegment(), clock];
  server.feed.push(project(2));
  await wakeAt(start + HOUR);
  await wakeAt(start + 2 * HOUR);
  expect(await sizeOf(id)).toBe(0);
});

it('a project that says nothing of it keeps files for a day, with no signal and while locked', async () => {
  const [id, start] = [await sentSegment(), clock];
  server.close();
  database.vault.lock();
  await wakeAt(start + 24 * HOUR);
  expect(await database.read(['chunks'], (tx) => tx.objectStore('chunks').getAllKeys())).toEqual([]);
  expect(server.count('GET', `/api/v1/receipts/${id}`)).toBe(1);
});

it('nothing is let go before its receipt, however long that takes', async () => {
  const story = await keptStory(database);
  const id = await queuedSegment(database, story.id, soundOf(100));
  server.storing.add(id);
  for (let day = 0; day < 3; day += 1) await wakeAt(clock + 24 * HOUR);
  expect(await sizeOf(id)).toBe(100);
});

it('a clock that was put back makes a file stay longer, and not for ever (fault 31)', async () => {
  const [id, start] = [await sentSegment(), clock];
  await wakeAt(start - 500 * HOUR);
  await wakeAt(start - 477 * HOUR);
  expect(await sizeOf(id)).toBe(100);
  await wakeAt(start - 476 * HOUR);
  expect(await sizeOf(id)).toBe(0);
});

it('a restored server that lost it gets it again while it is kept', async () => {
  const id = await sentSegment();
  server.held.clear();
  server.staged.clear();
  server.restored = true;
  server.feed.push(project(3));
  await wakeAt(clock + HOUR);
  server.restored = false;
  expect(server.held.get(id)?.bytes).toBe(100);
  expect(await sizeOf(id)).toBe(100);
});
