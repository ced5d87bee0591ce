import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../collect/store/database';
import { allStandings, changeEntry, wakeCutOff } from '../../collect/store/outbox';
import type { Engine } from '../../collect/sync/engine';
import { Browser, keptStory, newDatabase } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';

let server: FakeServer;
let database: Database;
let engine: Engine;
let clock: number;

beforeEach(async () => {
  server = new FakeServer();
  const address = await server.open();
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
