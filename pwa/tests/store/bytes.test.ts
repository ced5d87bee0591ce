import { expect, it } from 'vitest';
import { LARGEST_ROW, joinedBytes, sealedRows } from '../../collect/store/bytes';
import { eraseStory } from '../../collect/store/erasing';
import { keepMarker } from '../../collect/store/markers';
import { keepReceipt } from '../../collect/store/outbox';
import { discardPart, savePhoto, saveQuote } from '../../collect/store/parts';
import { everythingKept } from '../../collect/store/stories';
import { allEntries } from '../entries';
import { halfMadeSegment, keptStory, newDatabase, queuedRecording, soundOf } from '../makers';

it('pieces join into the bytes that were heard', async () => {
  const database = await newDatabase();
  const { segmentId } = await halfMadeSegment(database, (await keptStory(database)).id, [soundOf(10), soundOf(20, 5)]);
  const joined = new Uint8Array((await joinedBytes(database, segmentId))!);
  expect([...joined]).toEqual([...new Uint8Array(soundOf(10)), ...new Uint8Array(soundOf(20, 5))]);
});

it('a giant piece is kept in rows of at most 4 MiB (fault 9)', async () => {
  const rows = await sealedRows(await newDatabase(), 'r', 3, new ArrayBuffer(2 * LARGEST_ROW + 1), 0);
  expect(rows.map(({ number, size }) => [number, size])).toEqual([[3, LARGEST_ROW], [4, LARGEST_ROW], [5, 1]]);
});

it('nothing is joined past a gap', async () => {
  const database = await newDatabase();
  const pieces = [soundOf(10), soundOf(10), soundOf(10)];
  const { segmentId } = await halfMadeSegment(database, (await keptStory(database)).id, pieces);
  await database.write(['chunks'], (tx) => tx.objectStore('chunks').delete([segmentId, 1]));
  expect((await joinedBytes(database, segmentId))?.byteLength).toBe(10);
});

it('a part that was sent cannot be discarded', async () => {
  const database = await newDatabase();
  await keptStory(database);
  const [entry] = await allEntries(database);
  await keepReceipt(database, { ...entry!, state: 'stored' });
  await expect(discardPart(database, entry!.id)).rejects.toMatchObject({ code: 'already_sent' });
});

it('nothing is added to a story that was withdrawn meanwhile (fault 26)', async () => {
  const database = await newDatabase();
  const { id: storyId } = await keptStory(database);
  await eraseStory(database, storyId);
  const photo = { storyId, size: 1, type: 'image/jpeg' as const, width: 1, height: 1, description: '', takenAt: 'now', released: false };
  for (const adding of [
    () => halfMadeSegment(database, storyId, []),
    () => saveQuote(database, 'person', { id: 'q', storyId, text: 'Words', writtenAt: 'now' }),
    () => savePhoto(database, 'person', { ...photo, id: 'p', people: 'nobody' }, soundOf(1)),
    () => keepMarker(database, { id: 'm', recordingId: 'r', storyId, atMs: 0, promptId: null, themeId: null }),
  ])
    await expect(adding()).rejects.toMatchObject({ code: 'story_missing' });
  const kept = await everythingKept(database);
  expect([kept.recordings, kept.segments, kept.quotes, kept.photos, kept.entries]).toEqual([[], [], [], [], []]);
});

it('a withdrawn story leaves no row and no byte, and no other story loses one (fault 26)', async () => {
  const database = await newDatabase();
  const [gone, stays] = [await keptStory(database), await keptStory(database)];
  const lost = await queuedRecording(database, gone.id, soundOf(10));
  const left = await queuedRecording(database, stays.id, soundOf(10));
  await eraseStory(database, gone.id);
  const kept = await everythingKept(database);
  expect(await joinedBytes(database, lost.segmentId)).toBeNull();
  expect(await joinedBytes(database, left.segmentId)).not.toBeNull();
  expect([kept.stories, kept.consents, kept.recordings, kept.segments, kept.entries].map((rows) => rows.length)).toEqual([1, 1, 1, 1, 4]);
  expect(JSON.stringify(kept)).not.toContain(gone.id);
});
