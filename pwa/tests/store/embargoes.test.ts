import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConsentDesk } from '../../collect/app/agreeing';
import { EmbargoDesk } from '../../collect/app/embargoes';
import { sha256 } from '../../collect/store/bytes';
import type { Database } from '../../collect/store/database';
import { holdBack, noteLeft, standingOf } from '../../collect/store/embargoes';
import { changeEntry, openEntry } from '../../collect/store/outbox';
import { takeBack } from '../../collect/store/erasing';
import { everythingKept } from '../../collect/store/stories';
import type { Fetch } from '../../collect/sync/network';
import { FakePhone } from '../capture/fakes';
import { damage } from '../damage';
import { allEntries } from '../entries';
import { Browser, keptStory, newDatabase, PIN } from '../makers';
import { engineOf } from '../sync/engines';
import { FakeServer } from '../sync/fake-server';

const REASON = 'She is afraid to go home.';
const ade = { id: 'ade', name: 'Ade Bello' };
let database: Database;
let desk: EmbargoDesk;

beforeEach(async () => {
  database = await newDatabase();
  desk = new EmbargoDesk(database, (saving) => saving);
});
afterEach(() => database.close());

const sentOf = async (id: string): Promise<Record<string, unknown>> =>
  JSON.parse((await openEntry(database, id))?.body ?? '{}') as Record<string, unknown>;

describe('a worry about somebody', () => {
  it('goes in the body of its story, whose hash and length are of that body', async () => {
    const { id } = await keptStory(database);
    await desk.put(id, ` ${REASON} `, ade);
    expect((await sentOf(id)).embargo).toMatchObject({ reason: REASON, named_id: 'ade' });
    const entry = (await openEntry(database, id))!;
    const bytes = new TextEncoder().encode(entry.body!);
    expect([entry.sha256, entry.bytes]).toEqual([await sha256(bytes), bytes.length]);
    expect((await everythingKept(database)).stories[0]?.embargo).toMatchObject({ reason: REASON, name: 'Ade Bello' });
  });

  it('names nobody where administrators decide', async () => {
    const { id } = await keptStory(database);
    await desk.put(id, REASON, null);
    expect(Object.keys((await sentOf(id)).embargo as object)).toEqual(['id', 'reason']);
  });

  it('is sealed like everything else', async () => {
    const { id } = await keptStory(database);
    await desk.put(id, REASON, ade);
    const rows = await database.read(['stories', 'outbox'], async (tx) => [
      ...(await tx.objectStore('stories').getAll()),
      ...(await tx.objectStore('outbox').getAll()),
    ]);
    expect(JSON.stringify(rows)).not.toContain('afraid');
    expect(JSON.stringify(rows)).not.toContain('Ade');
    database.vault.lock();
    await expect(desk.put(id, REASON, ade)).rejects.toMatchObject({ code: 'locked' });
  });

  it('is in what is made again of a damaged entry', async () => {
    const { id } = await keptStory(database);
    await desk.put(id, REASON, ade);
    const before = await sentOf(id);
    await damage(database, 'outbox', id, PIN);
    expect(await sentOf(id)).toEqual(before);
  });

  it('is too late here once the server may have the story', async () => {
    const { id } = await keptStory(database);
    expect(await desk.standing(id)).toBe('here');
    await changeEntry(database, id, (entry) => ({ ...entry, triedAt: 1 }));
    expect(await desk.standing(id)).toBe('may_be_sent');
    await expect(desk.put(id, REASON, ade)).rejects.toMatchObject({ code: 'may_be_sent' });
    await changeEntry(database, id, (entry) => ({ ...entry, state: 'stored' as const }));
    await expect(desk.put(id, REASON, ade)).rejects.toMatchObject({ code: 'already_sent' });
    expect(await sentOf(id)).not.toHaveProperty('embargo');
  });

  it('is too late here once a copy has left in a file', async () => {
    const { id } = await keptStory(database);
    await noteLeft(database, await allEntries(database));
    expect(await standingOf(database, id)).toBe('may_be_sent');
    const others = (await allEntries(database)).filter(({ kind }) => kind !== 'story');
    expect(others.map(({ triedAt }) => triedAt)).toEqual([undefined]);
  });

  it.each(['', '  ', 'a'.repeat(2_001)])('needs words, and not too many', async (reason) => {
    const { id } = await keptStory(database);
    await expect(desk.put(id, reason, ade)).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('a worry that is being written', () => {
  const writing = (): ConsentDesk => new ConsentDesk(database, new FakePhone().parts(database), undefined);
  const drafts = (): Promise<unknown[]> => database.read(['drafts'], (tx) => tx.objectStore('drafts').getAll());

  it('is there when the app opens again, and a locked phone says nothing of it', async () => {
    const { id } = await keptStory(database);
    await writing().keepWorry(id, REASON);
    expect(JSON.stringify(await drafts())).not.toContain('afraid');
    database.vault.lock();
    await expect(writing().worry(id)).rejects.toMatchObject({ code: 'locked' });
    expect(await writing().draftCounts()).toEqual({ conversations: 0, quotes: 0, photos: 0 });
    await database.vault.unlock(PIN);
    expect(await writing().worry(id)).toBe(REASON);
    expect(await writing().worry('another')).toBe('');
  });

  it('is gone once its story is held back, or it was thrown away', async () => {
    const { id } = await keptStory(database);
    await writing().keepWorry(id, REASON);
    await desk.put(id, REASON, null);
    expect(await drafts()).toEqual([]);
    const consents = writing();
    await Promise.all([consents.keepWorry(id, 'She'), consents.keepWorry(id, REASON), consents.keepWorry(id, '')]);
    expect(await drafts()).toEqual([]);
  });

  it('stays where it is too late to hold the story back here', async () => {
    const { id } = await keptStory(database);
    await writing().keepWorry(id, REASON);
    await changeEntry(database, id, (entry) => ({ ...entry, triedAt: 1 }));
    await expect(desk.put(id, REASON, ade)).rejects.toMatchObject({ code: 'may_be_sent' });
    expect(await writing().worry(id)).toBe(REASON);
  });

  it('goes with its story, and is not kept for one that has gone', async () => {
    const { id } = await keptStory(database);
    await writing().keepWorry(id, REASON);
    await takeBack(database, id, '');
    expect(await drafts()).toEqual([]);
    await expect(writing().keepWorry(id, REASON)).rejects.toMatchObject({ code: 'story_missing' });
    expect(await drafts()).toEqual([]);
  });
});

it('a worry that comes while its story is about to be sent goes with it, or is refused: it is never lost', async () => {
  const server = new FakeServer();
  const address = await server.open();
  const bodies: string[] = [];
  const fetch: Fetch = (url, init) => {
    if (url.includes('/stories/')) bodies.push(String(init?.body));
    return globalThis.fetch(address + url, init);
  };
  const { id } = await keptStory(database);
  const write = database.write.bind(database);
  let putting: Promise<string> | null = null;
  database.write = (async (...asked: Parameters<typeof write>) => {
    const entry = await database.read(['outbox'], (tx) => tx.objectStore('outbox').get(id));
    const isNext = (await allEntries(database)).some(({ kind, state }) => kind === 'consent' && state === 'stored');
    if (isNext && entry?.triedAt === undefined && !putting) {
      putting = Promise.resolve('');
      putting = holdBack(database, id, { id: 'e', reason: REASON, name: '' }).then(() => 'put', () => 'refused');
      await putting;
    }
    return write(...asked);
  }) as typeof write;
  await engineOf(database, fetch, new Browser(), () => 1_000_000).wake();
  server.close();
  expect(await putting).toBe('put');
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toContain(REASON);
  expect(server.held.get(id)?.sha256).toBe((await openEntry(database, id))?.sha256);
});
