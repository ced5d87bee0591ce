import { afterEach, beforeEach, expect, it } from 'vitest';
import { LONGEST_WAIT_MS, needsSignIn } from '../../collect/domain/outbox';
import type { Database } from '../../collect/store/database';
import { takeBack } from '../../collect/store/erasing';
import { allStandings, changeEntries } from '../../collect/store/outbox';
import type { Engine } from '../../collect/sync/engine';
import { Browser, keptStory, newDatabase, PIN } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';

let server: FakeServer;
let database: Database;
let engine: Engine;
let clock: number;

/** Somebody else collected the story that was taken back here. */
beforeEach(async () => {
  server = new FakeServer();
  database = await newDatabase();
  clock = 1_000_000;
  const address = await server.open();
  engine = engineOf(database, (url, init) => fetch(address + url, init), new Browser(), () => (clock += 10));
  const { id } = await keptStory(database, 'somebody else');
  await takeBack(database, id, '');
});
afterEach(() => {
  server.close();
  database.close();
});

const tries = (): number => server.requests.filter((line) => line.startsWith('PUT /api/v1/withdrawals/')).length;
const notTheirs: FakeServer['fault'] = (method, path) =>
  method === 'PUT' && path.includes('/withdrawals/') ? { status: 404, body: { code: 'not_found', message: 'No.' } } : null;

it('whoever is signed in tells of it, also where an older app had it wait for one person', async () => {
  await changeEntries(database, (entry) => needsSignIn(entry, 'other_person'));
  const [withdrawal] = await allStandings(database);
  await engine.wake();
  expect(server.held.get(withdrawal!.id)).toMatchObject({ kind: 'withdrawal' });
  expect(await allStandings(database)).toEqual([]);
});

it('one that the server does not take from them stays, is tried again later, and holds nothing else up', async () => {
  const mine = await keptStory(database);
  server.fault = notTheirs;
  await engine.wake();
  const entries = await allStandings(database);
  expect(entries.find(({ kind }) => kind === 'withdrawal')).toMatchObject({ state: 'waiting', code: 'not_found' });
  expect(entries.filter(({ storyId, state }) => storyId === mine.id && state === 'stored')).toHaveLength(2);
  await engine.wake();
  expect(tries()).toBe(1);
  clock += LONGEST_WAIT_MS;
  server.fault = () => null;
  await engine.wake();
  expect((await allStandings(database)).map(({ kind }) => kind)).not.toContain('withdrawal');
});

it('and goes at once when another person signs in', async () => {
  server.fault = notTheirs;
  await engine.wake();
  server.fault = () => null;
  server.signedIn = { id: 'a third', name: 'Cai' };
  await engine.wake();
  expect(tries()).toBe(2);
  expect(await allStandings(database)).toEqual([]);
});

it('a phone that was shut out remembers so with no signal, and tells of it once it is let in', async () => {
  server.revoked = true;
  await engine.wake();
  expect(await allStandings(database)).toMatchObject([{ state: 'waiting', code: 'device_revoked' }]);
  database.vault.lock();
  server.revoked = false;
  await engine.wake();
  expect(await allStandings(database)).toMatchObject([{ state: 'waiting', code: null }]);
  await database.vault.unlock(PIN);
  await engine.wake();
  expect(await allStandings(database)).toEqual([]);
});
