import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../collect/store/database';
import { keptProjects } from '../../collect/store/projects';
import type { Engine } from '../../collect/sync/engine';
import { allEntries } from '../entries';
import { Browser, keptStory, newDatabase, soundOf } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';
import { queuedSegment } from './files';

let server: FakeServer;
let database: Database;
let address: string;
let clock = 0;

beforeEach(async () => {
  server = new FakeServer();
  address = await server.open();
  database = await newDatabase();
  clock = 1_000_000;
});
afterEach(() => {
  server.close();
  database.close();
});

const newEngine = (): Engine =>
  engineOf(database, (url, init) => globalThis.fetch(address + url, init), new Browser(), () => (clock += 10));
const entryOf = async (id: string) => (await allEntries(database)).find((one) => one.id === id);

describe('the feed', () => {
  const wording = { id: 'w', version: 2, title: 'Sharing', introduction: 'You choose.', uses: [] };
  const projectRows = [
    { kind: 'project', id: 'p', project_id: 'p', project: { name: 'Carers', introduction: '', is_demo: false, places: ['Leeds'] } },
    { kind: 'guide', id: 'p', project_id: 'p', guide: { prompts: [{ id: 'q', text: 'What happened?' }] } },
    { kind: 'wording', id: 'p', project_id: 'p', wording },
  ];

  it('tells of projects page by page, and of what changed since', async () => {
    server.feed.push(...projectRows);
    await newEngine().wake();
    expect(await keptProjects(database)).toMatchObject([{ id: 'p', name: 'Carers', prompts: [{ id: 'q' }], wording: { id: 'w' } }]);
    server.feed.push({ ...projectRows[1], guide: { prompts: [] } });
    await newEngine().wake();
    expect(await keptProjects(database)).toMatchObject([{ id: 'p', name: 'Carers', prompts: [], wording: { id: 'w' } }]);
    expect(server.requests.filter((line) => line.includes('/changes')).map((line) => line.split('=')[1])).toEqual(['0', '2', '3']);
  });

  it('takes a project away from somebody who no longer collects for it', async () => {
    server.feed.push(...projectRows, { kind: 'membership', id: 'm', project_id: 'p', membership: { collects: false } });
    await newEngine().wake();
    expect(await keptProjects(database)).toEqual([]);
  });

  it('is read from its beginning for another person, and nothing of the first one is left', async () => {
    server.feed.push(...projectRows);
    await newEngine().wake();
    server.feed.splice(0);
    server.signedIn = { id: 'other', name: 'Bo' };
    await newEngine().wake();
    expect(await keptProjects(database)).toEqual([]);
  });

  it('brings a receipt whose answer was lost, and no other thing counts as sent by it (fault 21)', async () => {
    await keptStory(database);
    const [one, two] = await allEntries(database);
    const receipt = { kind: one!.kind, bytes: one!.bytes, received_at: 'now' };
    server.feed.push(
      { kind: 'receipt', id: one!.id, project_id: 'p', receipt: { ...receipt, id: one!.id, sha256: one!.sha256 } },
      { kind: 'receipt', id: two!.id, project_id: 'p', receipt: { ...receipt, id: two!.id, sha256: 'something else' } },
    );
    server.fault = (method, path) => (method === 'PUT' && !path.includes('/devices/') ? { status: 503 } : null);
    await newEngine().wake();
    expect((await entryOf(one!.id))?.state).toBe('stored');
    expect((await entryOf(two!.id))?.state).toBe('waiting');
  });
});

describe('a tombstone', () => {
  it('takes away what was kept of a story whose own row is gone already (fault 26)', async () => {
    const { id } = await keptStory(database);
    await queuedSegment(database, id, soundOf(10));
    await database.write(['stories'], (tx) => tx.objectStore('stories').delete(id));
    server.feed.push({ kind: 'tombstone', id, project_id: 'p', story_id: id });
    await newEngine().wake();
    expect(await allEntries(database)).toEqual([]);
    expect(await database.read(['chunks'], (tx) => tx.objectStore('chunks').count())).toBe(0);
  });
});

describe('a server that was restored from a backup', () => {
  it('is sent all words again that this phone still has (fault 28)', async () => {
    await keptStory(database);
    await newEngine().wake();
    server.held.clear();
    server.restored = true;
    await newEngine().wake();
    expect([...server.held.keys()].sort()).toEqual((await allEntries(database)).map(({ id }) => id).sort());
    expect((await allEntries(database)).map(({ state }) => state)).toEqual(['stored', 'stored']);
  });

  it('and holds a file for its story gets the story again (fault 24)', async () => {
    const story = await keptStory(database);
    await newEngine().wake();
    server.held.clear();
    const id = await queuedSegment(database, story.id, soundOf(100));
    server.fault = (_method, path) =>
      path.endsWith(`/receipts/${id}`) && !server.held.has(story.id) && server.staged.has(id)
        ? { status: 202, body: { id, kind: 'recording', state: 'held' } }
        : null;
    const engine = newEngine();
    await engine.wake();
    clock += 60_000;
    await engine.wake();
    expect(server.held.has(story.id)).toBe(true);
    expect((await entryOf(id))?.state).toBe('stored');
  });
});

describe('telling the server what only this phone has', () => {
  it('says how much waits, since when, and under one id for good (fault 12)', async () => {
    await keptStory(database, 'somebody else');
    await newEngine().wake();
    await newEngine().wake();
    expect([...server.devices.values()]).toMatchObject([{ label: 'Chrome on Android', unsent: 2 }]);
    const [{ oldest_unsent_at, unsent_bytes } = {}] = [...server.devices.values()];
    expect(Date.parse(String(oldest_unsent_at))).not.toBeNaN();
    expect(Number(unsent_bytes)).toBeGreaterThan(0);
  });

  it('says the same again only after a while', async () => {
    const engine = newEngine();
    await engine.wake();
    await engine.wake();
    expect(server.requests.filter((line) => line.startsWith('PUT /api/v1/devices/'))).toHaveLength(1);
  });
});
