import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOf, type Line } from '../../collect/domain/line';
import { summary } from '../../collect/domain/status';
import type { Database } from '../../collect/store/database';
import { allStandings, changeEntries } from '../../collect/store/outbox';
import { keepSendingChoice } from '../../collect/store/settings';
import type { Engine } from '../../collect/sync/engine';
import { PIECE_BYTES } from '../../collect/sync/upload';
import { Browser, keptStory, newDatabase, soundOf } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';
import { queuedSegment } from './files';

let server: FakeServer;
let database: Database;
let engine: Engine;
let line: Line;
let clock: number;

beforeEach(async () => {
  server = new FakeServer();
  const address = await server.open();
  database = await newDatabase();
  clock = 1_000_000;
  line = 'mobile';
  engine = engineOf(database, (url, init) => fetch(address + url, init), new Browser(), () => (clock += 10), () => line);
  await keepSendingChoice(database, { wifiOnly: true });
});
afterEach(() => {
  server.close();
  database.close();
});

const stateOf = async (id: string) => (await allStandings(database)).find((entry) => entry.id === id);

describe('with sound and photos by Wi-Fi alone', () => {
  it.each(['mobile', 'unknown'] as const)('words go and media waits where the line is %s', async (now) => {
    line = now;
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(100));
    await engine.wake();
    const stored = (await allStandings(database)).filter(({ state }) => state === 'stored').map(({ kind }) => kind);
    expect(stored.sort()).toEqual(['consent', 'manifest', 'story']);
    expect(await stateOf(id)).toMatchObject({ state: 'waiting', code: null });
    expect(summary(await allStandings(database))).toMatchObject({ mediaBytes: 100, everythingSent: false });
  });

  it('media goes on Wi-Fi', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(100));
    line = 'wifi';
    await engine.wake();
    expect(await stateOf(id)).toMatchObject({ state: 'stored' });
  });

  it('media that somebody asked for goes on any line, and what comes later waits', async () => {
    const story = await keptStory(database);
    const asked = await queuedSegment(database, story.id, soundOf(100));
    await changeEntries(database, (entry) => ({ ...entry, anyLine: true }));
    const later = await queuedSegment(database, story.id, soundOf(100));
    await engine.wake();
    expect([(await stateOf(asked))?.state, (await stateOf(later))?.state]).toEqual(['stored', 'waiting']);
  });

  it('a phone that leaves its Wi-Fi stops after the piece, and goes on there at the same byte', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(3 * PIECE_BYTES));
    line = 'wifi';
    server.fault = (method) => {
      if (method === 'PATCH') line = 'mobile';
      return null;
    };
    await engine.wake();
    expect(await stateOf(id)).toMatchObject({ state: 'waiting', code: 'waits_for_wifi', sentBytes: PIECE_BYTES });
    server.fault = () => null;
    line = 'wifi';
    clock += 600_000;
    await engine.wake();
    expect(await stateOf(id)).toMatchObject({ state: 'stored' });
    expect(server.count('PATCH', `/api/v1/uploads/${id}`)).toBe(3);
  });
});

it.each([
  ['wifi', 'wifi'], ['ethernet', 'wifi'], ['cellular', 'mobile'], ['bluetooth', 'mobile'], ['none', 'unknown'], [undefined, 'unknown'],
] as const)('a browser that says %s means %s', (type, meant) => {
  expect(lineOf(type)).toBe(meant);
});
