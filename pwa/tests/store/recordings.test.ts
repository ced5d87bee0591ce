import { describe, expect, it } from 'vitest';
import { LARGEST_ROW, joinedBytes, sealedRows, sha256 } from '../../collect/store/bytes';
import { allEntries, eraseStory, keepReceipt } from '../../collect/store/outbox';
import { discardPart, saveQuote } from '../../collect/store/parts';
import { openRecordings, saveSound, sealRecording } from '../../collect/store/recordings';
import { everythingKept } from '../../collect/store/stories';
import { halfMadeRecording, keptStory, newDatabase, sealedRecording, soundOf } from '../makers';

describe('sound on disk', () => {
  it('pieces join into the bytes that were heard', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const id = await halfMadeRecording(database, story.id, [soundOf(10), soundOf(20, 5)]);
    const joined = new Uint8Array((await joinedBytes(database, id))!);
    expect([...joined]).toEqual([...new Uint8Array(soundOf(10)), ...new Uint8Array(soundOf(20, 5))]);
  });

  it('a giant piece is kept in rows of at most 4 MiB (fault 9)', async () => {
    const rows = await sealedRows(await newDatabase(), 'r', 3, new ArrayBuffer(2 * LARGEST_ROW + 1), 0);
    expect(rows.map(({ number, size }) => [number, size])).toEqual([[3, LARGEST_ROW], [4, LARGEST_ROW], [5, 1]]);
  });

  it('nothing is joined past a gap', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const id = await halfMadeRecording(database, story.id, [soundOf(10), soundOf(10), soundOf(10)]);
    await database.write(['chunks'], (tx) => tx.objectStore('chunks').delete([id, 1]));
    expect((await joinedBytes(database, id))?.byteLength).toBe(10);
  });

  it('nothing is added after a recording is sealed', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const id = await sealedRecording(database, story.id, soundOf(10));
    await expect(saveSound(database, id, 1, soundOf(1), 2_000)).rejects.toMatchObject({ code: 'not_saved' });
  });
});

describe('sealing', () => {
  it('queues the recording under the hash of all its bytes', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const id = await sealedRecording(database, story.id, soundOf(5_000));
    const entry = (await allEntries(database)).find((one) => one.id === id);
    expect(entry).toMatchObject({ kind: 'recording', state: 'waiting', bytes: 5_000 });
    expect(entry?.sha256).toBe(await sha256(soundOf(5_000)));
  });

  it('a recording without sound leaves nothing behind', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const id = await halfMadeRecording(database, story.id, []);
    expect(await sealRecording(database, id, 'stopped')).toBeNull();
    expect(await openRecordings(database)).toEqual([]);
  });

  it('counts its place among all the parts of its story', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    await saveQuote(database, 'person', { id: 'q', storyId: story.id, text: 'Words', writtenAt: 'now' });
    const id = await sealedRecording(database, story.id, soundOf(1));
    expect((await allEntries(database)).find((one) => one.id === id)?.position).toBe(2);
  });
});

describe('letting go', () => {
  it('bytes go only together with a receipt, and what is known of them stays', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const id = await sealedRecording(database, story.id, soundOf(10));
    const entry = (await allEntries(database)).find((one) => one.id === id)!;
    await keepReceipt(database, { ...entry, state: 'stored' });
    expect(await joinedBytes(database, id)).toBeNull();
    expect((await everythingKept(database)).recordings).toMatchObject([{ id, durationMs: 1_000, released: true }]);
  });

  it('a part that is only here can be discarded', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const id = await sealedRecording(database, story.id, soundOf(10));
    await discardPart(database, id);
    const kept = await everythingKept(database);
    expect([kept.recordings, kept.entries.filter((one) => one.id === id)]).toEqual([[], []]);
  });

  it('a part that was sent cannot', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const [entry] = await allEntries(database);
    await keepReceipt(database, { ...entry!, state: 'stored' });
    await expect(discardPart(database, entry!.id)).rejects.toMatchObject({ code: 'already_sent' });
    expect(story.id).toBe(entry!.storyId);
  });

  it('a withdrawn story leaves no row and no byte, and no other story loses one (fault 26)', async () => {
    const database = await newDatabase();
    const [gone, stays] = [await keptStory(database), await keptStory(database)];
    const lost = await sealedRecording(database, gone.id, soundOf(10));
    const left = await sealedRecording(database, stays.id, soundOf(10));
    await eraseStory(database, gone.id);
    const kept = await everythingKept(database);
    expect(await joinedBytes(database, lost)).toBeNull();
    expect(await joinedBytes(database, left)).not.toBeNull();
    expect(Object.values(kept).map((rows) => rows.length)).toEqual([1, 1, 0, 0, 1, 3]);
    expect(JSON.stringify(kept)).not.toContain(gone.id);
  });
});
