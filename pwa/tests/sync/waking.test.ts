import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../collect/store/database';
import { allStandings, changeEntries } from '../../collect/store/outbox';
import { Browser, keptStory, newDatabase } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';

let server: FakeServer;
let database: Database;
let clock: number;

beforeEach(async () => {
  server = new FakeServer();
  database = await newDatabase();
  clock = 1_000_000;
});
afterEach(() => {
  server.close();
  database.close();
});

/** A story of which the server has nothing yet, and whose time is in a minute. */
async function storyForLater(): Promise<void> {
  await keptStory(database);
  await changeEntries(database, (entry) => ({ ...entry, nextTryAt: clock + 60_000 }));
}

const states = async (): Promise<string[]> => (await allStandings(database)).map(({ state }) => state);

describe('what is ready to be sent just as the engine has looked for the last time', () => {
  it('goes while it still counts how long to wait', async () => {
    const address = await server.open();
    await storyForLater();
    let woken = false;
    const engine = engineOf(database, (url, init) => fetch(address + url, init), new Browser(), () => clock, () => {
      // By the time it has said what this phone holds, it has tried all that could go.
      if (server.devices.size > 0 && !woken) {
        woken = true;
        clock += 60_000;
        void engine.wake();
      }
      return 'unknown';
    });
    await engine.wake();
    expect(woken).toBe(true);
    expect(await states()).toEqual(['stored', 'stored']);
  });

  it('goes when it has just begun to wait', async () => {
    const address = await server.open();
    await storyForLater();
    let second: Promise<void> | null = null;
    const begunToWait = (): (() => void) => {
      if (second === null) {
        clock += 60_000;
        second = engine.wake();
      }
      return () => undefined;
    };
    const engine = engineOf(
      database, (url, init) => fetch(address + url, init), new Browser(), () => clock, () => 'unknown', begunToWait,
    );
    await engine.wake();
    await second;
    expect(await states()).toEqual(['stored', 'stored']);
  });
});
