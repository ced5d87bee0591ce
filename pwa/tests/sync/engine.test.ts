import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../collect/store/database';
import { joinedBytes } from '../../collect/store/bytes';
import { changeEntry } from '../../collect/store/outbox';
import { saveQuote } from '../../collect/store/parts';
import { everythingKept } from '../../collect/store/stories';
import type { Engine } from '../../collect/sync/engine';
import type { Fetch } from '../../collect/sync/network';
import { PIECE_BYTES } from '../../collect/sync/upload';
import { allEntries } from '../entries';
import { Browser, keptStory, newDatabase, soundOf } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';
import { queuedSegment } from './files';

let server: FakeServer;
let database: Database;
let browser: Browser;
let fetch: Fetch;
let clock = 0;

beforeEach(async () => {
  server = new FakeServer();
  const address = await server.open();
  fetch = (url, init) => globalThis.fetch(address + url, init);
  database = await newDatabase();
  browser = new Browser();
  clock = 1_000_000;
});
afterEach(() => {
  server.close();
  database.close();
});

const newEngine = (): Engine => engineOf(database, fetch, browser, () => (clock += 10));
const states = async (): Promise<string[]> => (await allEntries(database)).map((one) => `${one.kind} ${one.state}`).sort();
const entryOf = async (id: string) => (await allEntries(database)).find((one) => one.id === id);

describe('sending what waits', () => {
  it('takes a story and its parts to the server, and keeps their bytes a while', async () => {
    const story = await keptStory(database);
    await saveQuote(database, 'person', { id: 'q', storyId: story.id, text: 'It was cold – “so cold”', writtenAt: 'now' });
    const recording = await queuedSegment(database, story.id, soundOf(3 * PIECE_BYTES + 17));
    await newEngine().wake();
    expect(await states()).toEqual(['consent stored', 'manifest stored', 'quote stored', 'segment stored', 'story stored']);
    for (const entry of await allEntries(database)) expect(server.held.get(entry.id)?.sha256).toBe(entry.sha256);
    expect((await joinedBytes(database, recording))?.byteLength).toBe(3 * PIECE_BYTES + 17);
    expect(server.count('PATCH', `/api/v1/uploads/${recording}`)).toBe(4);
  });

  it('waits while something other than our server answers (fault 20)', async () => {
    await keptStory(database);
    server.fault = () => ({ status: 200, headers: { 'Content-Type': 'text/html' } });
    const engine = newEngine();
    await engine.wake();
    expect(engine.online.get()).toBe(false);
    expect(await states()).toEqual(['consent waiting', 'story waiting']);
  });

  it('a consent that is refused holds back its own story alone', async () => {
    const [first, second] = [await keptStory(database), await keptStory(database)];
    const refused = (await allEntries(database)).find((one) => one.storyId === first.id && one.kind === 'consent')!;
    server.fault = (method, path) =>
      method === 'PUT' && path.endsWith(refused.id) ? { status: 422, body: { code: 'invalid', message: 'No.' } } : null;
    await newEngine().wake();
    const later = (await allEntries(database)).filter((one) => one.storyId === second.id);
    expect(later.map((one) => one.state)).toEqual(['stored', 'stored']);
    expect(await entryOf(refused.id)).toMatchObject({ state: 'refused', code: 'invalid', message: 'No.' });
  });

  it('other content under the same id stays here to be looked at (fault 23)', async () => {
    await keptStory(database);
    const consent = (await allEntries(database)).find((one) => one.kind === 'consent')!;
    server.held.set(consent.id, { kind: 'consent', sha256: 'of something else', bytes: 1 });
    await newEngine().wake();
    expect(await entryOf(consent.id)).toMatchObject({ state: 'refused', code: 'same_id_other_content' });
  });

  it('a server in trouble is asked again later, and nothing is let go (fault 20)', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(100));
    server.fault = (method) => (method === 'POST' ? { status: 503 } : null);
    await newEngine().wake();
    const entry = await entryOf(id);
    expect(entry).toMatchObject({ state: 'waiting', code: 'unavailable', attempts: 1 });
    expect(entry!.nextTryAt).toBeGreaterThan(clock - 100);
    expect(await joinedBytes(database, id)).not.toBeNull();
  });

  it('a receipt for other bytes lets nothing go', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(100));
    server.fault = (method, path) =>
      method === 'GET' && path.includes('receipts') ? { status: 200, body: { id, kind: 'recording', sha256: 'f00' } } : null;
    await newEngine().wake();
    expect(await entryOf(id)).toMatchObject({ state: 'waiting', code: 'receipt_mismatch' });
    expect(await joinedBytes(database, id)).not.toBeNull();
  });
});

describe('when the line is cut', () => {
  it('goes on where the server says it is, with one upload (fault 16)', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(3 * PIECE_BYTES));
    let pieces = 0;
    server.fault = (method) => (method === 'PATCH' && (pieces += 1) === 2 ? 'cut' : null);
    const engine = newEngine();
    await engine.wake();
    expect(await entryOf(id)).toMatchObject({ state: 'waiting', code: 'unreachable', sentBytes: PIECE_BYTES });
    clock += 600_000;
    await engine.wake();
    expect(await entryOf(id)).toMatchObject({ state: 'stored' });
    expect(server.count('PATCH', `/api/v1/uploads/${id}`)).toBe(4);
    expect(server.staged.size).toBe(1);
  });

  it('a lost answer to the last piece is found out by its receipt (fault 21)', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(100));
    let cut = false;
    server.fault = (_method, path, { held }) => {
      if (cut || !held.has(id) || !path.includes('receipts')) return null;
      cut = true;
      return 'cut';
    };
    const engine = newEngine();
    await engine.wake();
    expect(await entryOf(id)).toMatchObject({ state: 'waiting' });
    clock += 600_000;
    await engine.wake();
    expect(await entryOf(id)).toMatchObject({ state: 'stored' });
    expect(server.count('POST', '/api/v1/uploads')).toBe(1);
  });

  it('an app closed while sending starts that entry again', async () => {
    await keptStory(database);
    for (const { id } of await allEntries(database))
      await changeEntry(database, id, (entry) => ({ ...entry, state: 'sending' }));
    await newEngine().wake();
    expect(await states()).toEqual(['consent stored', 'story stored']);
  });
});

describe('signing in', () => {
  it('keeps everything while signed out and sends it after, at the same place (fault 19)', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(3 * PIECE_BYTES));
    const person = server.signedIn;
    server.fault = (method, _path, held) => {
      if (method === 'PATCH' && held.staged.get(id)!.bytes.length > 0) held.signedIn = null;
      return null;
    };
    const engine = newEngine();
    await engine.wake();
    expect(engine.signInNeeded.get()).toBe(true);
    expect(await entryOf(id)).toMatchObject({ state: 'needs_sign_in', sentBytes: PIECE_BYTES });
    server.signedIn = person;
    server.fault = () => null;
    await engine.wake();
    expect(engine.signInNeeded.get()).toBe(false);
    expect(await entryOf(id)).toMatchObject({ state: 'stored' });
    expect(server.staged.size).toBe(1);
  });

  it('an answer without words, as to HEAD, is enough to know (fault 19)', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(100));
    server.fault = (method) => (method === 'HEAD' ? { status: 401 } : null);
    await newEngine().wake();
    expect(await entryOf(id)).toMatchObject({ state: 'needs_sign_in', code: 'signed_out' });
  });

  it('what another person takes while something is being sent waits for them', async () => {
    await keptStory(database);
    let taken: Promise<unknown> | null = null;
    server.fault = (method) => {
      if (method === 'PUT') taken ??= keptStory(database, 'somebody else');
      return null;
    };
    await newEngine().wake();
    await taken;
    const theirs = (await allEntries(database)).filter((one) => one.personId !== 'person');
    expect(theirs.map((one) => server.held.has(one.id))).toEqual([false, false]);
  });

  it('one person does not send what another took', async () => {
    await keptStory(database, 'somebody else');
    await newEngine().wake();
    const entries = await allEntries(database);
    expect(entries.map((one) => [one.state, one.code])).toEqual(entries.map(() => ['needs_sign_in', 'other_person']));
    expect(server.held.size).toBe(0);
  });
});

describe('what must not be sent', () => {
  it('a withdrawn story is removed from this phone (fault 26)', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(100));
    server.withdrawn.add(id);
    const engine = newEngine();
    await engine.wake();
    expect(engine.withdrawn.get()).toBe(1);
    expect(await joinedBytes(database, id)).toBeNull();
    expect(Object.values(await everythingKept(database)).flat()).toEqual([]);
  });

  it('a story withdrawn after all of it was sent is removed from this phone (fault 26)', async () => {
    const [withdrawn, stays] = [await keptStory(database), await keptStory(database)];
    await newEngine().wake();
    expect(await states()).toEqual(['consent stored', 'consent stored', 'story stored', 'story stored']);
    server.feed.push({ kind: 'tombstone', id: 'taken by another phone' }, { kind: 'tombstone', id: withdrawn.id });
    const engine = newEngine();
    await engine.wake();
    expect(engine.withdrawn.get()).toBe(1);
    expect((await allEntries(database)).map(({ storyId }) => storyId)).toEqual([stays.id, stays.id]);
  });

  it('an answer of somebody else takes nothing from this phone', async () => {
    await keptStory(database);
    await newEngine().wake();
    server.fault = (_method, path) => (path.includes('/changes') ? { status: 410, headers: { 'Content-Type': 'text/html' } } : null);
    const engine = newEngine();
    await engine.wake();
    expect(engine.withdrawn.get()).toBe(0);
    expect(await states()).toEqual(['consent stored', 'story stored']);
  });

  it('bytes that changed on the phone are not sent as if they were whole (fault 30)', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(100));
    await database.write(['chunks'], async (tx) => {
      const row = (await tx.objectStore('chunks').get([id, 0]))!;
      await tx.objectStore('chunks').put({ ...row, bytes: soundOf(100, 9) });
    });
    await newEngine().wake();
    expect(await entryOf(id)).toMatchObject({ state: 'refused', code: 'damaged_on_phone' });
    expect(server.staged.size).toBe(0);
    await expect(joinedBytes(database, id)).rejects.toMatchObject({ code: 'damaged_on_phone' });
  });
});

describe('a file that the server is still putting away', () => {
  it('stays on this phone until its receipt comes, and is not sent twice', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(100));
    server.storing.add(id);
    const engine = newEngine();
    await engine.wake();
    expect(await entryOf(id)).toMatchObject({ state: 'waiting', code: 'being_stored' });
    expect(await joinedBytes(database, id)).not.toBeNull();
    server.storing.clear();
    clock += 2_000;
    await engine.wake();
    expect(await entryOf(id)).toMatchObject({ state: 'stored' });
    expect(server.count('POST', '/api/v1/uploads')).toBe(1);
    expect(server.count('PATCH', `/api/v1/uploads/${id}`)).toBe(1);
  });

  it('is announced again when that takes very long, since the machine that had it may be gone', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(100));
    server.storing.add(id);
    const engine = newEngine();
    for (let look = 0; look < 12; look += 1) {
      clock += 10 * 60_000;
      await engine.wake();
    }
    expect(server.count('POST', '/api/v1/uploads')).toBeGreaterThan(1);
    expect(await entryOf(id)).toMatchObject({ state: 'waiting', code: 'being_stored' });
  });
});

describe('two tabs', () => {
  it('one leaves alone what the other is sending (fault 13)', async () => {
    await keptStory(database);
    await browser.tab().take('earshot-outbox');
    const engine = newEngine();
    await engine.wake();
    expect(engine.online.get()).toBe(true);
    expect(await states()).toEqual(['consent waiting', 'story waiting']);
    expect(server.held.size).toBe(0);
  });

  it('send everything once between them (fault 13)', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, soundOf(2 * PIECE_BYTES));
    await Promise.all([newEngine().wake(), newEngine().wake()]);
    expect(await states()).toEqual(['consent stored', 'manifest stored', 'segment stored', 'story stored']);
    expect(server.count('POST', '/api/v1/uploads')).toBe(1);
    expect(server.count('PATCH', `/api/v1/uploads/${id}`)).toBe(2);
  });
});
