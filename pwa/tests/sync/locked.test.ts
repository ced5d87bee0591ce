import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../collect/store/database';
import { allStandings } from '../../collect/store/outbox';
import type { Engine } from '../../collect/sync/engine';
import { PIECE_BYTES } from '../../collect/sync/upload';
import { eventually } from '../eventually';
import { Browser, keptStory, newDatabase, PIN, soundOf } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';
import { queuedSegment } from './files';

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

const states = async (): Promise<string[]> => (await allStandings(database)).map(({ kind, state }) => `${kind} ${state}`).sort();
const sent = (): string[] => server.requests.filter((line) => /^(PUT|POST|PATCH)/.test(line) && !line.includes('/devices/'));

describe('a locked phone', () => {
  it('sends nothing, still hears of withdrawals and says what only it has, and sends when it is unlocked', async () => {
    const [withdrawn, stays] = [await keptStory(database), await keptStory(database)];
    server.feed.push({ kind: 'tombstone', id: withdrawn.id });
    database.vault.lock();
    await engine.wake();
    expect(sent()).toEqual([]);
    expect(engine.online.get()).toBe(true);
    expect(await states()).toEqual(['consent waiting', 'story waiting']);
    expect([...server.devices.values()]).toMatchObject([{ unsent: 2 }]);
    await database.vault.unlock(PIN);
    await engine.wake();
    expect(await states()).toEqual(['consent stored', 'story stored']);
    expect(server.held.has(stays.id)).toBe(true);
  });

  it.each([['a file', 'PATCH', 2], ['words', 'PUT', 1]])(
    'stops sending %s at once, also to a server that does not answer, and goes on at the same byte',
    async (_what, method, which) => {
      const story = await keptStory(database);
      const segment = await queuedSegment(database, story.id, ...[1, 2, 3].map((seed) => soundOf(PIECE_BYTES, seed)));
      const tries = (): number => server.requests.filter((line) => line.startsWith(`${method} /`)).length;
      server.fault = (asked) => (asked === method && tries() === which ? 'silent' : null);
      const round = engine.wake();
      await eventually(() => expect(tries()).toBe(which));
      database.vault.lock();
      await round;
      expect((await allStandings(database)).filter(({ code }) => code !== null)).toMatchObject([
        { state: 'waiting', code: 'locked', attempts: 0, sentBytes: method === 'PATCH' ? PIECE_BYTES : 0 },
      ]);
      server.fault = () => null;
      await database.vault.unlock(PIN);
      await engine.wake();
      expect(new Set(await states())).toEqual(new Set(['consent stored', 'manifest stored', 'segment stored', 'story stored']));
      // One that was in vain, and none of the others twice.
      expect(server.count('PATCH', `/api/v1/uploads/${segment}`)).toBe(method === 'PATCH' ? 4 : 3);
    },
  );

  it('no longer says that something waits for the PIN once it is unlocked, with no signal either', async () => {
    const story = await keptStory(database);
    await queuedSegment(database, story.id, soundOf(9));
    server.fault = (asked) => (asked === 'PUT' ? 'silent' : null);
    const round = engine.wake();
    await eventually(() => expect(sent()).toHaveLength(1));
    database.vault.lock();
    await round;
    const codes = async (): Promise<unknown[]> => (await allStandings(database)).map(({ code }) => code);
    server.fault = () => 'cut';
    await engine.wake();
    expect(await codes()).toContain('locked');
    await database.vault.unlock(PIN);
    await engine.wake();
    expect(await codes()).not.toContain('locked');
  });

  it('counts sound that is sealed and not queued yet as unsent (fault 12)', async () => {
    const story = await keptStory(database);
    await engine.wake();
    const segment = await queuedSegment(database, story.id, soundOf(70));
    await database.write(['outbox'], (tx) => tx.objectStore('outbox').clear());
    await database.write(['segments'], async (tx) => {
      const row = await tx.objectStore('segments').get(segment);
      await tx.objectStore('segments').put({ ...row!, state: 'sealed' });
    });
    await engine.wake();
    expect([...server.devices.values()]).toMatchObject([
      { unsent: 1, unsent_bytes: 70, oldest_unsent_at: '2026-11-21T10:00:00.000+00:00' },
    ]);
  });
});

describe('a phone that an administrator shut out (fault 32)', () => {
  it('stops sending, deletes nothing, and goes on when it is let in again', async () => {
    const story = await keptStory(database);
    await queuedSegment(database, story.id, soundOf(100));
    server.fault = (method, _path, held) => {
      if (method === 'POST') held.revoked = true;
      return null;
    };
    await engine.wake();
    expect(engine.revoked.get()).toBe(true);
    expect(await states()).toEqual(['consent stored', 'manifest stored', 'segment waiting', 'story stored']);
    const asked = sent().length;
    clock += 600_000;
    await engine.wake();
    expect(sent()).toHaveLength(asked);
    server.fault = () => null;
    server.revoked = false;
    await engine.wake();
    expect(engine.revoked.get()).toBe(false);
    expect(await states()).toContain('segment stored');
  });

  it('is known to the server by one id, in every request for stories', async () => {
    const story = await keptStory(database);
    await queuedSegment(database, story.id, soundOf(100));
    await engine.wake();
    expect([...server.askedBy]).toEqual([...server.devices.keys()]);
  });
});

it('the key that files and the PIN are sealed to is the one that the server says', async () => {
  const point = new Uint8Array(65).fill(4);
  server.rescueKey = { id: 'rescue 1', public_key: Buffer.from(point).toString('base64') };
  await engine.wake();
  expect(await database.vault.rescueKey()).toMatchObject({ keyId: 'rescue 1', point });
  server.rescueKey = { id: 'rescue 2', public_key: 'nonsense' };
  await engine.wake();
  expect(await database.vault.rescueKey()).toMatchObject({ keyId: 'rescue 1' });
});
