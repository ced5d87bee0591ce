import { expect, it } from 'vitest';
import { joinedBytes } from '../../collect/store/bytes';
import type { Database } from '../../collect/store/database';
import { takeBack } from '../../collect/store/erasing';
import { keepMarker } from '../../collect/store/markers';
import { allStandings, changeEntries } from '../../collect/store/outbox';
import { saveQuote } from '../../collect/store/parts';
import { forgetPerson } from '../../collect/store/projects';
import { queueRecording } from '../../collect/store/queueing';
import { endRecording } from '../../collect/store/recordings';
import { sealSegment } from '../../collect/store/segments';
import { damage } from '../damage';
import { allEntries } from '../entries';
import { generator, seed } from '../random';
import { Browser, PIN, halfMadeSegment, keptStory, newDatabase, soundOf } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';

const DAY = 24 * 60 * 60_000;
const STEPS = 30;
const PEOPLE = [{ id: 'person', name: 'Amina' }, { id: 'other', name: 'Bo' }];

interface Kept {
  storyId: string;
  personId: string;
  /** The file of its sound. */
  fileId: string;
  /** The hex SHA-256 of everything that is to be sent of it, by its id. */
  hashes: Map<string, string>;
}

/** A story by one of them, with a quote and a recording whose only mark cannot be read any more. */
async function collected(database: Database, personId: string, number: number): Promise<Kept> {
  const { id: storyId } = await keptStory(database, personId);
  await saveQuote(database, personId, { id: `quote-${storyId}`, storyId, text: 'So cold', writtenAt: 'now' });
  const { recordingId, segmentId } = await halfMadeSegment(database, storyId, [soundOf(1_400_000, number), soundOf(300)]);
  const marked = { id: `mark-${storyId}`, recordingId, storyId, atMs: 1_000, promptId: null, themeId: null };
  await keepMarker(database, marked);
  await damage(database, 'markers', marked.id, PIN);
  await sealSegment(database, segmentId, 'stopped', null);
  await endRecording(database, recordingId);
  await queueRecording(database, recordingId);
  const mine = (await allEntries(database)).filter((entry) => entry.storyId === storyId);
  expect(mine.map(({ kind }) => kind).sort()).toEqual(['consent', 'manifest', 'quote', 'segment', 'story']);
  return { storyId, personId, fileId: segmentId, hashes: new Map(mine.map(({ id, sha256 }) => [id, sha256])) };
}

it(`a real phone and a real line that chance cuts: nothing is lost and nothing goes twice (SEED=${seed})`, async () => {
  const random = generator(seed);
  const [server, database] = [new FakeServer(), await newDatabase()];
  const address = await server.open();
  const kept: Kept[] = [];
  for (let count = 0; count < 3; count += 1) kept.push(await collected(database, 'person', count));
  const [taken, damaged] = [kept[0]!.storyId, kept[1]!];
  const misplaced: string[] = [];
  let now = 1_000 * DAY;
  const opened = () => engineOf(database, (url, init) => fetch(address + url, init), new Browser(), () => (now += 7));
  const looksAt = (method: string, path: string): void => {
    const owner = kept.find(({ hashes }) => hashes.has(path.split('/').at(-1)!))?.personId;
    if (method !== 'GET' && owner && server.signedIn && server.signedIn.id !== owner) misplaced.push(path);
  };
  const nothingIsLost = async (): Promise<void> => {
    for (const entry of await allEntries(database)) {
      if (entry.state === 'stored') expect(server.held.get(entry.id)?.sha256).toBe(entry.sha256);
      else if (entry.kind === 'segment') expect((await joinedBytes(database, entry.id))?.byteLength).toBe(entry.bytes);
    }
  };

  let engine = opened();
  for (let step = 0; step < STEPS; step += 1) {
    const luck = 0.4 * random();
    server.fault = (method, path) => {
      looksAt(method, path);
      const roll = random();
      if (roll > luck) return null;
      if (roll < luck / 2) return 'cut';
      return [{ status: 503 }, { status: 500 }, { status: 200, headers: { 'Content-Type': 'text/html' } }][Math.floor(roll * 1e6) % 3]!;
    };
    server.answered = random() < 0.3 ? () => (random() < 0.3 ? 'lost' : 'sent') : () => 'sent';
    if (random() < 0.2) server.signedIn = server.signedIn ? null : PEOPLE[0]!;
    if (random() < 0.2) engine = opened();
    if (random() < 0.1) now += (random() - 0.3) * 3 * DAY;
    if (step === 9) await takeBack(database, taken, '');
    server.storeAway = step < 20;
    // Everything that is not a photo can be made again of what it was made of.
    if (step === 1) {
      const ids = [...damaged.hashes.keys()];
      await damage(database, 'outbox', ids[Math.floor(random() * ids.length)]!, PIN);
    }
    if (step === 15) kept.push(await collected(database, 'person', 3));
    // By hand, before all of that is sent; and then a colleague takes the phone.
    if (step === 15) {
      server.signedIn = null;
      database.vault.lock();
      await forgetPerson(database);
    }
    if (step === 17) {
      await database.vault.unlock(PIN);
      server.signedIn = PEOPLE[1]!;
      kept.push(await collected(database, 'other', 4));
    }
    now += random() * 400_000;
    await engine.wake();
    await nothingIsLost();
  }

  server.fault = (method, path) => {
    looksAt(method, path);
    return null;
  };
  server.answered = () => 'sent';
  for (let look = 0; look < 16; look += 1) {
    server.signedIn = PEOPLE[look < 8 ? 0 : 1]!;
    now += 600_000;
    await changeEntries(database, (entry) => (entry.state === 'waiting' ? { ...entry, nextTryAt: 0 } : entry));
    await engine.wake();
  }
  await nothingIsLost();
  const left = await allStandings(database);
  expect(left.map(({ state }) => state)).toEqual(left.map(() => 'stored'));
  expect(left.map(({ id }) => id).sort()).toEqual(kept.slice(1).flatMap(({ hashes }) => [...hashes.keys()]).sort());
  for (const { hashes, fileId } of kept.slice(1)) {
    for (const [id, sha256] of hashes) expect(server.held.get(id)?.sha256).toBe(sha256);
    expect(server.whole.get(fileId)).toBe(1);
  }
  expect([...server.held.values()].filter(({ kind }) => kind === 'withdrawal')).toHaveLength(1);
  expect(misplaced).toEqual([]);
  server.close();
  database.close();
});
