import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readyAgain } from '../../collect/domain/outbox';
import { summary } from '../../collect/domain/status';
import type { Database } from '../../collect/store/database';
import { keepDraft, quoteDraft, worryDraft } from '../../collect/store/drafts';
import { takeBack } from '../../collect/store/erasing';
import { allStandings, changeEntry } from '../../collect/store/outbox';
import { saveQuote } from '../../collect/store/parts';
import { OF_A_STORY } from '../../collect/store/schema';
import { PIECE_BYTES } from '../../collect/sync/upload';
import { damage } from '../damage';
import { allEntries } from '../entries';
import { Browser, PIN, keptStory, newDatabase, soundOf } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';
import { queuedSegment } from './files';

const contract = new URL('../../../tests/contract/phone_bodies.json', import.meta.url);

let server: FakeServer;
let database: Database;
let address: string;

beforeEach(async () => {
  server = new FakeServer();
  address = await server.open();
  database = await newDatabase();
});
afterEach(() => {
  server.close();
  database.close();
});

const wake = (): Promise<void> =>
  engineOf(database, (url, init) => fetch(address + url, init), new Browser(), () => 1_000_000).wake();

/** Everything of a story that is still kept, whatever store it is in. */
async function leftOf(storyId: string): Promise<unknown[]> {
  const stores = [...OF_A_STORY, 'stories', 'chunks', 'drafts'] as const;
  const rows = await database.read([...stores], (tx) => Promise.all(stores.map((name) => tx.objectStore(name).getAll())));
  return rows.flat().filter((row) => JSON.stringify(row).includes(storyId) || 'partId' in row);
}

async function fullStory(): Promise<string> {
  const { id } = await keptStory(database);
  await saveQuote(database, 'person', { id: `quote-${id}`, storyId: id, text: 'So cold', writtenAt: 'now' });
  await queuedSegment(database, id, soundOf(2 * PIECE_BYTES));
  await keepDraft(database, quoteDraft(id), 'not finished');
  await keepDraft(database, worryDraft(id), 'not finished');
  return id;
}

it('a story that is taken back leaves this phone at once, and only the news of it stays until its receipt', async () => {
  const [id, other] = [await fullStory(), await keptStory(database)];
  await takeBack(database, id, 'She thought better of it');
  expect(await leftOf(id)).toMatchObject([{ kind: 'withdrawal', storyId: id, state: 'waiting' }]);
  expect(summary(await allStandings(database))).toMatchObject({ takenBack: 1, unsentStories: 1, everythingSent: false });
  const [withdrawal] = (await allEntries(database)).filter(({ kind }) => kind === 'withdrawal');
  expect(JSON.parse(withdrawal!.body!)).toMatchObject({
    id: withdrawal!.id, project_id: 'project', story_id: id, reason: 'She thought better of it',
  });
  await wake();
  expect(server.held.get(withdrawal!.id)).toMatchObject({ kind: 'withdrawal', sha256: withdrawal!.sha256 });
  expect((await allStandings(database)).map(({ storyId }) => storyId)).toEqual([other.id, other.id]);
  const puts = server.requests.filter((line) => line.startsWith('PUT') && !line.includes('/devices/'));
  expect(puts[0]).toBe(`PUT /api/v1/withdrawals/${withdrawal!.id}`);
});

it('and nothing of it comes back when it is taken back while it is being sent', async () => {
  const id = await fullStory();
  let taking: Promise<void> | null = null;
  server.fault = (method) => {
    if (method === 'PATCH') taking ??= takeBack(database, id, '');
    return null;
  };
  await wake();
  await taking;
  expect((await leftOf(id)).filter((row) => (row as { kind?: string }).kind !== 'withdrawal')).toEqual([]);
});

it('a 410 that is about no withdrawal erases nothing, and the sound can be sent again', async () => {
  const id = await fullStory();
  const before = await leftOf(id);
  const gone = { status: 410, body: { code: 'gone', message: 'No such place.' } };
  server.fault = (method) => (method === 'PATCH' ? gone : null);
  await wake();
  expect(await leftOf(id)).toHaveLength(before.length);
  const sound = (await allEntries(database)).find(({ kind }) => kind === 'segment')!;
  expect(sound).toMatchObject({ state: 'refused', code: 'gone', message: 'No such place.' });
  server.fault = () => null;
  await changeEntry(database, sound.id, readyAgain);
  await wake();
  expect(server.held.get(sound.id)).toMatchObject({ sha256: sound.sha256 });
});

it('a story can be taken back while the phone is locked', async () => {
  const id = await fullStory();
  database.vault.lock();
  await takeBack(database, id, '');
  expect(await leftOf(id)).toMatchObject([{ kind: 'withdrawal' }]);
});

it('the receipts of all who told it can say so, though it never came to the server and the phone is locked', async () => {
  const bodies = JSON.parse(readFileSync(contract, 'utf-8')) as Record<string, Record<string, unknown>>;
  const told = bodies.story_of_a_group!.participants as { id: string; pseudonym: string; receipt_code: string }[];
  const participants = told.map(({ id, pseudonym, receipt_code: receiptCode }) => ({ id, pseudonym, receiptCode }));
  const { id } = await keptStory(database, 'person', participants);
  expect(JSON.stringify(await leftOf(id))).not.toContain(participants[0]!.receiptCode);
  database.vault.lock();
  await takeBack(database, id, '');
  const [withdrawal] = await allEntries(database);
  expect(JSON.parse(withdrawal!.body!)).toMatchObject({
    story_id: id, receipt_code_hashes: bodies.withdrawal_by_a_group!.receipt_code_hashes,
  });
});

it.each([['open', 1], ['locked', 0]])(
  'the hashes of a story that an older app kept without them are worked out where it can be read: %s', async (state, count) => {
    const { id } = await keptStory(database);
    await database.write(['stories'], async (tx) => {
      const { receiptHashes: _, ...row } = (await tx.objectStore('stories').get(id))!;
      await tx.objectStore('stories').put(row);
    });
    if (state === 'locked') database.vault.lock();
    await takeBack(database, id, '');
    const [withdrawal] = await allEntries(database);
    const { receipt_code_hashes: hashes = [] } = JSON.parse(withdrawal!.body!) as { receipt_code_hashes?: string[] };
    expect(hashes).toHaveLength(count);
  },
);

it('a story that the server has ended already needs no more of this phone (fault 26)', async () => {
  const id = await fullStory();
  await takeBack(database, id, '');
  server.withdrawn.add((await allStandings(database))[0]!.id);
  await wake();
  expect(await allStandings(database)).toEqual([]);
});

it('news that the server wants once more outlasts what its feed tells, until the server confirms it', async () => {
  await takeBack(database, await fullStory(), '');
  server.storeAway = true;
  await wake();
  expect(await allStandings(database)).toMatchObject([{ kind: 'withdrawal', state: 'waiting', code: 'held' }]);
  await wake();
  expect(server.feed).toMatchObject([{ kind: 'tombstone' }]);
  const [withdrawal] = await allEntries(database);
  expect(withdrawal).toMatchObject({ kind: 'withdrawal', code: 'held' });
  await changeEntry(database, withdrawal!.id, readyAgain);
  server.storeAway = false;
  await wake();
  expect(server.held.get(withdrawal!.id)).toMatchObject({ sha256: withdrawal!.sha256 });
  expect(await allStandings(database)).toEqual([]);
});

it('a story that had ended before it was taken back leaves no news behind once it is told', async () => {
  const id = await fullStory();
  server.feed.push({ kind: 'tombstone', id, project_id: 'project', story_id: id });
  await takeBack(database, id, '');
  await wake();
  expect(server.held.size).toBe(1);
  expect(await allStandings(database)).toEqual([]);
});

it('news that cannot be sent goes once the feed tells that the story has ended', async () => {
  const id = await fullStory();
  await takeBack(database, id, '');
  const [{ id: withdrawalId } = { id: '' }] = await allStandings(database);
  await damage(database, 'outbox', withdrawalId, PIN);
  await wake();
  expect(await allStandings(database)).toMatchObject([{ state: 'refused', code: 'damaged_on_phone' }]);
  server.feed.push({ kind: 'tombstone', id, project_id: 'project', story_id: id });
  await wake();
  expect(await allStandings(database)).toEqual([]);
});

it('what is not there cannot be taken back', async () => {
  await expect(takeBack(database, 'no such story', '')).rejects.toMatchObject({ code: 'story_missing' });
});

it('every store whose rows belong to a story is emptied of it', async () => {
  const found = await database.read(['outbox'], (tx) => {
    const all = [...tx.db.objectStoreNames];
    return Promise.resolve(all.filter((name) => {
      const store = tx.db.transaction(name).objectStore(name);
      return ([...store.indexNames] as string[]).includes('storyId');
    }));
  });
  expect([...found].sort()).toEqual([...OF_A_STORY].sort());
});
