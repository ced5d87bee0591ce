import { describe, expect, it } from 'vitest';
import { sha256 } from '../../collect/store/bytes';
import type { Database } from '../../collect/store/database';
import { keepMarker } from '../../collect/store/markers';
import { changeEntries } from '../../collect/store/outbox';
import { discardPart, saveQuote } from '../../collect/store/parts';
import { queueEverything, queueRecording } from '../../collect/store/queueing';
import { endRecording, openRecordings } from '../../collect/store/recordings';
import { hashSegment, openSegments, saveSound, sealSegment, segmentsOf } from '../../collect/store/segments';
import { everythingKept } from '../../collect/store/stories';
import { allEntries } from '../entries';
import { PIN, halfMadeSegment, keptStory, newDatabase, queuedRecording, soundOf } from '../makers';

const entryOf = async (database: Database, id: string) => (await allEntries(database)).find((one) => one.id === id);
const manifestOf = async (database: Database, id: string) =>
  JSON.parse((await entryOf(database, id))?.body ?? 'null') as { segments: object[]; markers: object[] } | null;

async function sealed(database: Database, storyId: string, bytes: ArrayBuffer, place = {}, ended = 'interrupted') {
  const made = await halfMadeSegment(database, storyId, [bytes], place);
  await sealSegment(database, made.segmentId, ended as 'interrupted', null);
  return made;
}

describe('a segment on disk', () => {
  it('nothing is added after it is sealed', async () => {
    const database = await newDatabase();
    const { segmentId } = await sealed(database, (await keptStory(database)).id, soundOf(10));
    await expect(saveSound(database, segmentId, 1, soundOf(1), 2_000)).rejects.toMatchObject({ code: 'not_saved' });
  });

  it('a write that reported failure after it had reached the disk adds nothing twice', async () => {
    const database = await newDatabase();
    const { segmentId } = await halfMadeSegment(database, (await keptStory(database)).id, [soundOf(10)]);
    expect(await saveSound(database, segmentId, 0, soundOf(10), 1_000)).toBe(1);
    await expect(saveSound(database, segmentId, 2, soundOf(10), 1_000)).rejects.toMatchObject({ code: 'not_saved' });
    expect((await openSegments(database))[0]).toMatchObject({ chunks: 1, size: 10 });
  });

  it('is hashed row by row as if it were one file, and a missing row is found out (fault 30)', async () => {
    const database = await newDatabase();
    const { segmentId } = await halfMadeSegment(database, (await keptStory(database)).id, [soundOf(10), soundOf(20, 5)]);
    const [segment] = await openSegments(database);
    const whole = new Blob([soundOf(10), soundOf(20, 5)]);
    expect(await hashSegment(database, segment!)).toBe(await sha256(await whole.arrayBuffer()));
    await database.write(['chunks'], (tx) => tx.objectStore('chunks').delete([segmentId, 0]));
    await expect(hashSegment(database, segment!)).rejects.toMatchObject({ code: 'damaged_on_phone' });
  });

  it('a hash of anything but exactly what is on disk is counted anew', async () => {
    const database = await newDatabase();
    const { segmentId } = await halfMadeSegment(database, (await keptStory(database)).id, [soundOf(10), soundOf(20)]);
    expect(await sealSegment(database, segmentId, 'failed', { sha256: 'of one chunk', chunks: 1 })).toMatchObject({ sha256: null });
  });

  it('one without sound leaves nothing behind, nor does its recording', async () => {
    const database = await newDatabase();
    const { id: storyId } = await keptStory(database);
    const { recordingId, segmentId } = await halfMadeSegment(database, storyId, []);
    await keepMarker(database, { id: 'm', recordingId, storyId, atMs: 0, promptId: null, themeId: null });
    expect(await sealSegment(database, segmentId, 'stopped', null)).toBeNull();
    expect(await endRecording(database, recordingId)).toBe(false);
    expect([await openRecordings(database), await segmentsOf(database, recordingId)]).toEqual([[], []]);
    expect(await database.read(['markers'], (tx) => tx.objectStore('markers').count())).toBe(0);
  });
});

describe('a recording whose segment is still being made', () => {
  it('cannot be ended, and gets no manifest before all of it is sealed (fault 13)', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const { recordingId } = await sealed(database, story.id, soundOf(10));
    const { segmentId } = await halfMadeSegment(database, story.id, [soundOf(10)], { recordingId });
    await expect(endRecording(database, recordingId)).rejects.toMatchObject({ code: 'not_saved' });
    await database.write(['recordings'], async (tx) => {
      const open = (await tx.objectStore('recordings').get(recordingId))!;
      await tx.objectStore('recordings').put({ ...open, state: 'sealed' });
    });
    await queueRecording(database, recordingId);
    expect(await manifestOf(database, recordingId)).toBeNull();
    await sealSegment(database, segmentId, 'stopped', null);
    await queueRecording(database, recordingId);
    expect((await manifestOf(database, recordingId))?.segments).toHaveLength(2);
  });
});

describe('queueing', () => {
  it('a segment is queued under the hash of all its bytes while the recording goes on', async () => {
    const database = await newDatabase();
    const { recordingId, segmentId } = await sealed(database, (await keptStory(database)).id, soundOf(5_000));
    await queueRecording(database, recordingId);
    const entry = await entryOf(database, segmentId);
    expect(entry).toMatchObject({ kind: 'segment', state: 'waiting', bytes: 5_000, nextTryAt: 0 });
    expect(entry?.sha256).toBe(await sha256(soundOf(5_000)));
    expect(await entryOf(database, recordingId)).toBeUndefined();
    expect(await openRecordings(database)).toHaveLength(1);
  });

  it('the end brings the manifest, with every segment, gap and marker', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const first = await sealed(database, story.id, soundOf(10));
    const { recordingId } = first;
    const second = await sealed(database, story.id, soundOf(20), { recordingId, offsetMs: 4_000 }, 'stopped');
    const marker = { recordingId, storyId: story.id, promptId: 'p', themeId: null };
    await keepMarker(database, { ...marker, id: 'late', atMs: 90_000 });
    await keepMarker(database, { ...marker, id: 'early', atMs: 500 });
    await endRecording(database, recordingId);
    await queueRecording(database, recordingId);
    await queueRecording(database, recordingId);
    const manifest = await manifestOf(database, recordingId);
    expect(manifest?.segments).toMatchObject([
      { id: first.segmentId, number: 0, bytes: 10, offset_ms: 0, duration_ms: 1_000, ended: 'interrupted' },
      { id: second.segmentId, number: 1, bytes: 20, offset_ms: 4_000, duration_ms: 1_000, ended: 'stopped' },
    ]);
    // A mark a moment before the end of sound that was never saved belongs to its end.
    expect(manifest?.markers).toMatchObject([{ id: 'early', at_ms: 500, prompt_id: 'p' }, { id: 'late', at_ms: 2_000 }]);
    expect((await allEntries(database)).map(({ kind }) => kind).sort()).toEqual(
      ['consent', 'manifest', 'segment', 'segment', 'story'],
    );
  });

  it('what a crash left on a locked phone is queued when it is unlocked (fault 1)', async () => {
    const database = await newDatabase();
    const { recordingId, segmentId } = await halfMadeSegment(database, (await keptStory(database)).id, [soundOf(10)]);
    database.vault.lock();
    expect(await sealSegment(database, segmentId, 'recovered', null)).toMatchObject({ state: 'sealed' });
    await endRecording(database, recordingId);
    await queueEverything(database);
    expect(await segmentsOf(database, recordingId)).toMatchObject([{ state: 'sealed', sha256: null }]);
    await database.vault.unlock(PIN);
    await queueEverything(database);
    expect((await entryOf(database, segmentId))?.sha256).toBe(await sha256(soundOf(10)));
    expect((await manifestOf(database, recordingId))?.segments).toHaveLength(1);
  });

  it('a damaged segment is parked where somebody sees it, and the others are usable (fault 30)', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const bad = await sealed(database, story.id, soundOf(10));
    const { recordingId } = bad;
    const good = await sealed(database, story.id, soundOf(20), { recordingId, offsetMs: 4_000 });
    await database.write(['chunks'], async (tx) => {
      const row = (await tx.objectStore('chunks').get([bad.segmentId, 0]))!;
      await tx.objectStore('chunks').put({ ...row, bytes: soundOf(26, 9) });
    });
    await endRecording(database, recordingId);
    await queueRecording(database, recordingId);
    expect(await entryOf(database, bad.segmentId)).toMatchObject({ state: 'refused', code: 'damaged_on_phone' });
    expect((await manifestOf(database, recordingId))?.segments).toMatchObject([{ id: good.segmentId, offset_ms: 0 }]);
  });

  it('a whole file of an earlier app goes as that app sent it, with no manifest (fault 14)', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const { segmentId, recordingId } = await sealed(database, story.id, soundOf(10));
    await database.write(['recordings', 'segments', 'chunks'], async (tx) => {
      const [segment, chunk] = [await tx.objectStore('segments').get(segmentId), await tx.objectStore('chunks').get([segmentId, 0])];
      await tx.objectStore('segments').delete(segmentId);
      await tx.objectStore('segments').put({ ...segment!, id: recordingId, sha256: 'f00' });
      await tx.objectStore('chunks').put({ ...chunk!, partId: recordingId });
    });
    await endRecording(database, recordingId);
    await queueRecording(database, recordingId);
    expect(await entryOf(database, recordingId)).toMatchObject({ kind: 'recording', sha256: 'f00' });
    expect((await allEntries(database)).some(({ kind }) => kind === 'manifest')).toBe(false);
  });

  it('a recording counts its place among all the parts of its story', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    await saveQuote(database, 'person', { id: 'q', storyId: story.id, text: 'Words', writtenAt: 'now' });
    const { segmentId } = await queuedRecording(database, story.id, soundOf(1));
    expect((await entryOf(database, segmentId))?.position).toBe(2);
  });
});

describe('what was cut off waits for a decision', () => {
  it('before it is sent, and goes at once when it is kept (fault 3)', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const { recordingId, segmentId } = await sealed(database, story.id, soundOf(10), {}, 'recovered');
    await queueRecording(database, recordingId);
    expect((await entryOf(database, segmentId))!.nextTryAt).toBeGreaterThan(Date.now());
    await endRecording(database, recordingId);
    expect((await entryOf(database, segmentId))!.nextTryAt).toBe(0);
  });

  it('it can be deleted, with its markers, until any of it was sent', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const gone = await queuedRecording(database, story.id, soundOf(10));
    await keepMarker(database, { id: 'm', recordingId: gone.recordingId, storyId: story.id, atMs: 0, promptId: null, themeId: null });
    await discardPart(database, gone.recordingId);
    const kept = await everythingKept(database);
    expect([kept.recordings, kept.segments, kept.entries.map(({ kind }) => kind).sort()]).toEqual([[], [], ['consent', 'story']]);
    expect(await database.read(['markers', 'chunks'], async (tx) =>
      [await tx.objectStore('markers').count(), await tx.objectStore('chunks').count()])).toEqual([0, 0]);

    const sent = await queuedRecording(database, story.id, soundOf(10));
    await changeEntries(database, (one) => (one.id === sent.segmentId ? { ...one, state: 'stored' } : one));
    await expect(discardPart(database, sent.recordingId)).rejects.toMatchObject({ code: 'already_sent' });
  });
});
