import { expect, it } from 'vitest';
import { joinedBytes } from '../../collect/store/bytes';
import { takeBack } from '../../collect/store/erasing';
import { allStandings, changeEntries } from '../../collect/store/outbox';
import { saveQuote } from '../../collect/store/parts';
import { allEntries } from '../entries';
import { generator, seed } from '../random';
import { Browser, keptStory, newDatabase, soundOf } from '../makers';
import { engineOf } from './engines';
import { FakeServer } from './fake-server';
import { queuedSegment } from './files';

const DAY = 24 * 60 * 60_000;
const STEPS = 25;

it(`a real phone and a real line that chance cuts: nothing is lost and nothing goes twice (SEED=${seed})`, async () => {
  const random = generator(seed);
  const [server, database] = [new FakeServer(), await newDatabase()];
  const address = await server.open();
  const person = server.signedIn;
  let now = 1_000 * DAY;
  const opened = () => engineOf(database, (url, init) => fetch(address + url, init), new Browser(), () => (now += 7));

  const files = new Map<string, string>();
  const stories = [];
  for (let count = 0; count < 3; count += 1) {
    const { id } = await keptStory(database);
    stories.push(id);
    await saveQuote(database, 'person', { id: `quote-${id}`, storyId: id, text: 'So cold', writtenAt: 'now' });
    files.set(await queuedSegment(database, id, soundOf(1_400_000, count), soundOf(300)), id);
  }
  const taken = stories[0]!;

  let engine = opened();
  for (let step = 0; step < STEPS; step += 1) {
    const luck = 0.4 * random();
    server.fault = () => {
      const roll = random();
      if (roll > luck) return null;
      if (roll < luck / 2) return 'cut';
      return [{ status: 503 }, { status: 500 }, { status: 200, headers: { 'Content-Type': 'text/html' } }][Math.floor(roll * 1e6) % 3]!;
    };
    server.answered = random() < 0.3 ? () => (random() < 0.3 ? 'lost' : 'sent') : () => 'sent';
    if (random() < 0.2) server.signedIn = server.signedIn ? null : person;
    if (random() < 0.2) engine = opened();
    if (random() < 0.1) now += (random() - 0.3) * 3 * DAY;
    if (step === 9) await takeBack(database, taken, '');
    now += random() * 400_000;
    await engine.wake();
    for (const entry of await allEntries(database)) {
      if (entry.state === 'stored') expect(server.held.get(entry.id)?.sha256).toBe(entry.sha256);
      else if (files.has(entry.id)) expect((await joinedBytes(database, entry.id))?.byteLength).toBe(entry.bytes);
    }
  }

  server.fault = () => null;
  server.answered = () => 'sent';
  server.signedIn = person;
  for (let look = 0; look < 8; look += 1) {
    now += 600_000;
    await changeEntries(database, (entry) => ({ ...entry, nextTryAt: 0 }));
    await engine.wake();
  }
  const left = await allStandings(database);
  expect(left.map(({ state }) => state)).toEqual(left.map(() => 'stored'));
  expect(new Set(left.map(({ storyId }) => storyId))).toEqual(new Set(stories.slice(1)));
  for (const [id, story] of files) if (story !== taken) expect(server.whole.get(id)).toBe(1);
  server.close();
  database.close();
});
