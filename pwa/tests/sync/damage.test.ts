import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readyAgain } from '../../collect/domain/outbox';
import type { Database } from '../../collect/store/database';
import { FileRows } from '../../collect/store/file-rows';
import { entriesToSave } from '../../collect/store/items';
import { keepMarker } from '../../collect/store/markers';
import { allStandings, changeEntry } from '../../collect/store/outbox';
import { discardPart, saveQuote } from '../../collect/store/parts';
import { queueRecording } from '../../collect/store/queueing';
import { endRecording } from '../../collect/store/recordings';
import { sealSegment } from '../../collect/store/segments';
import { PIECE_BYTES } from '../../collect/sync/upload';
import { damage, flipped } from '../damage';
import { allEntries } from '../entries';
import { Browser, PIN, halfMadeSegment, keptStory, newDatabase, queuedRecording, soundOf } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';
import { queuedSegment } from './files';

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
const standing = async (id: string) => (await allStandings(database)).find((entry) => entry.id === id);
const parked = { state: 'refused', code: 'damaged_on_phone' };

async function damageRow(partId: string, number: number): Promise<void> {
  const row = (await database.read(['chunks'], (tx) => tx.objectStore('chunks').get([partId, number])))!;
  await database.write(['chunks'], (tx) => tx.objectStore('chunks').put({ ...row, bytes: flipped(row.bytes) }));
}

describe('one damaged item (fault 30)', () => {
  it('is parked when a row in its middle does not open, and everything else arrives', async () => {
    const [story, other] = [await keptStory(database), await keptStory(database)];
    const bad = await queuedSegment(database, story.id, soundOf(PIECE_BYTES), soundOf(PIECE_BYTES), soundOf(9));
    const good = await queuedSegment(database, story.id, soundOf(100));
    await damageRow(bad, 1);
    await wake();
    expect(await standing(bad)).toMatchObject(parked);
    expect(await standing(good)).toMatchObject({ state: 'stored' });
    expect(server.held.has(other.id)).toBe(true);
    expect(server.staged.has(bad)).toBe(false);
  });

  it('is parked when a row is missing', async () => {
    const story = await keptStory(database);
    const bad = await queuedSegment(database, story.id, soundOf(50), soundOf(50));
    await database.write(['chunks'], (tx) => tx.objectStore('chunks').delete([bad, 1]));
    await wake();
    expect(await standing(bad)).toMatchObject(parked);
  });

  it('is parked when neither the outbox entry itself opens nor what it was made of', async () => {
    const story = await keptStory(database);
    const quote = (id: string) => ({ id, storyId: story.id, text: 'Words', writtenAt: 'now' });
    await saveQuote(database, 'person', quote('bad'));
    await saveQuote(database, 'person', quote('good'));
    await damage(database, 'outbox', 'bad', PIN);
    await damage(database, 'quotes', 'bad', PIN);
    await wake();
    expect(await standing('bad')).toMatchObject(parked);
    expect(await standing('good')).toMatchObject({ state: 'stored' });
  });
});

describe('a damaged outbox entry (fault 30)', () => {
  const entriesOf = async (storyId: string) => (await allEntries(database)).filter((entry) => entry.storyId === storyId);

  it.each(['consent', 'story', 'quote', 'manifest', 'segment'])(
    'of a %s is made again of what it was made of, and holds back nothing', async (kind) => {
      const story = await keptStory(database);
      await saveQuote(database, 'person', { id: 'quote', storyId: story.id, text: 'So cold', writtenAt: 'now' });
      const { recordingId, segmentId } = await halfMadeSegment(database, story.id, [soundOf(90)]);
      await keepMarker(database, { id: 'mark', recordingId, storyId: story.id, atMs: 1, promptId: null, themeId: null });
      await sealSegment(database, segmentId, 'stopped', null);
      await endRecording(database, recordingId);
      await queueRecording(database, recordingId);
      const before = await entriesOf(story.id);
      await damage(database, 'outbox', before.find((entry) => entry.kind === kind)!.id, PIN);
      expect((await entriesToSave(database, story.id, null, () => Promise.resolve())).entries).toHaveLength(before.length);
      await wake();
      for (const { id, sha256 } of before) {
        expect([id, (await standing(id))?.state]).toEqual([id, 'stored']);
        expect(server.held.get(id)?.sha256).toBe(sha256);
      }
    },
  );

  it('is not made of what is no longer the same: it stays parked, and the file says that it is left out', async () => {
    const story = await keptStory(database);
    const { recordingId } = await queuedRecording(database, story.id, soundOf(90));
    await keepMarker(database, { id: 'later', recordingId, storyId: story.id, atMs: 1, promptId: null, themeId: null });
    await damage(database, 'outbox', recordingId, PIN);
    await wake();
    expect(await standing(recordingId)).toMatchObject(parked);
    expect(server.held.has(recordingId)).toBe(false);
    const { entries, damaged } = await entriesToSave(database, story.id, null, () => Promise.resolve());
    expect([entries.map(({ kind }) => kind), damaged]).toEqual([['consent', 'story', 'segment'], 1]);
  });

  it('that was parked by an app which could not do so goes once it is tried again', async () => {
    const story = await keptStory(database);
    await damage(database, 'outbox', story.id, PIN);
    await changeEntry(database, story.id, (entry) => ({ ...entry, state: 'refused', code: 'damaged_on_phone' }));
    await changeEntry(database, story.id, readyAgain);
    await wake();
    expect(await standing(story.id)).toMatchObject({ state: 'stored' });
  });
});

describe('a damaged file (fault 30)', () => {
  const recordingOf = async (id: string): Promise<string> =>
    (await database.read(['segments'], (tx) => tx.objectStore('segments').get(id)))!.recordingId;

  it.each(['at its first try', 'after it was half sent', 'after it was tried in vain'])(
    'that the server has none of can be deleted: found %s', async (when) => {
      const story = await keptStory(database);
      const bad = await queuedSegment(database, story.id, soundOf(PIECE_BYTES), soundOf(PIECE_BYTES, 2), soundOf(9));
      const reaches = when.includes('half') ? 2 : 1;
      const patches = (): number => server.requests.filter((line) => line.startsWith('PATCH')).length;
      server.fault = (method) => (method === 'PATCH' && patches() >= reaches ? 'cut' : null);
      if (!when.includes('first')) await wake();
      server.fault = () => null;
      await damageRow(bad, 1);
      await changeEntry(database, bad, readyAgain);
      await wake();
      expect(await standing(bad)).toMatchObject(parked);
      await discardPart(database, await recordingOf(bad));
      expect(await standing(bad)).toBeUndefined();
    },
  );

  it('whose last answer was lost is found to be there, and is no longer the phone’s own to delete', async () => {
    const story = await keptStory(database);
    const bad = await queuedSegment(database, story.id, soundOf(9));
    server.answered = () => (server.held.has(bad) ? 'lost' : 'sent');
    await wake();
    server.answered = () => 'sent';
    await damageRow(bad, 0);
    await changeEntry(database, bad, (entry) => ({ ...readyAgain(entry), sentBytes: 0 }));
    await wake();
    expect(await standing(bad)).toMatchObject({ state: 'stored' });
    await expect(discardPart(database, await recordingOf(bad))).rejects.toMatchObject({ code: 'already_sent' });
  });

  it('that the server is still putting away stays where it is', async () => {
    const story = await keptStory(database);
    const bad = await queuedSegment(database, story.id, soundOf(9));
    server.storing.add(bad);
    await damageRow(bad, 0);
    await changeEntry(database, bad, (entry) => ({ ...entry, attempts: 8, triedAt: 1 }));
    await wake();
    expect(await standing(bad)).toMatchObject({ state: 'waiting', code: 'being_stored' });
    await expect(discardPart(database, await recordingOf(bad))).rejects.toMatchObject({ code: 'already_sent' });
  });
});

describe('a file that is read row by row', () => {
  it('gives every stretch as if it were one piece', async () => {
    const story = await keptStory(database);
    const sizes = [1, 700, 3, 4096, 12];
    const id = await queuedSegment(database, story.id, ...sizes.map((size, place) => soundOf(size, place)));
    const whole = Buffer.concat(sizes.map((size, place) => Buffer.from(soundOf(size, place))));
    const file = await FileRows.of(database, id);
    expect(file.size).toBe(whole.length);
    for (const [start, end] of [[0, 1], [0, 705], [1, 702], [703, 704], [700, 4812], [4800, 4812], [0, 4812]] as const)
      expect(Buffer.from(await (await file.slice(start, end)).arrayBuffer())).toEqual(whole.subarray(start, end));
  });

  it('has no more than one row open at a time, and opens each once', async () => {
    const story = await keptStory(database);
    const id = await queuedSegment(database, story.id, ...Array.from({ length: 6 }, () => soundOf(PIECE_BYTES)));
    const opened: string[] = [];
    const real = database.vault.openBytes.bind(database.vault);
    database.vault.openBytes = (place, sealed) => {
      if (place.startsWith('chunks/')) opened.push(place);
      return real(place, sealed);
    };
    await wake();
    expect(await standing(id)).toMatchObject({ state: 'stored' });
    expect(opened).toHaveLength(6);
  });
});
