import { afterEach, describe, expect, it, vi } from 'vitest';
import { partMissing } from '../../collect/store/later-parts';
import { allStandings } from '../../collect/store/outbox';
import { queueEverything } from '../../collect/store/queueing';
import { endRecording } from '../../collect/store/recordings';
import { sealSegment } from '../../collect/store/segments';
import { halfMadeSegment, keptStory, newDatabase, PIN, soundOf } from '../makers';

const ARGON = '../../collect/store/argon';
const HASH = '../../collect/store/whole-hash';
const notFetched = (): never => {
  throw new TypeError('made for this test');
};

afterEach(() => {
  vi.doUnmock(ARGON);
  vi.doUnmock(HASH);
});

describe('a part of the app that cannot be fetched', () => {
  it('makes no PIN wrong, and says that the app must be opened again', async () => {
    const { vault, keyRows } = await newDatabase();
    vault.lock();
    vi.doMock(ARGON, notFetched);
    for (let tries = 0; tries < 6; tries += 1)
      await expect(vault.unlock(PIN)).rejects.toMatchObject({ code: 'open_again' });
    expect(partMissing.get()).toBe(true);
    expect(await keyRows.get('lock')).toMatchObject({ wrongTries: 0, notBefore: 0 });
    vi.doUnmock(ARGON);
    await vault.unlock(PIN);
    expect([vault.isOpen, partMissing.get()]).toEqual([true, false]);
  });

  it('holds back what must still be counted, and nothing else', async () => {
    const database = await newDatabase();
    const story = await keptStory(database);
    const uncounted = await halfMadeSegment(database, story.id, [soundOf(10)]);
    const counted = await halfMadeSegment(database, story.id, [soundOf(10)]);
    await sealSegment(database, uncounted.segmentId, 'stopped', null);
    await sealSegment(database, counted.segmentId, 'stopped', { sha256: 'counted along', chunks: 1 });
    for (const { recordingId } of [uncounted, counted]) await endRecording(database, recordingId);
    const queued = async () => (await allStandings(database)).map(({ id }) => id);
    vi.doMock(HASH, notFetched);
    await queueEverything(database);
    expect(await queued()).toContain(counted.segmentId);
    expect(await queued()).not.toContain(uncounted.segmentId);
    expect(partMissing.get()).toBe(true);
    vi.doUnmock(HASH);
    await queueEverything(database);
    expect(await queued()).toContain(uncounted.segmentId);
    expect(partMissing.get()).toBe(false);
  });
});
