import { createHash, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../collect/store/database';
import { itemFile } from '../../collect/store/item-file';
import { entriesToSave } from '../../collect/store/items';
import { saveQuote } from '../../collect/store/parts';
import { endRecording } from '../../collect/store/recordings';
import { sealSegment } from '../../collect/store/segments';
import { halfMadeSegment, keptStory, newDatabase, soundOf } from '../makers';
import { queuedSegment } from '../sync/files';
import { newRescueKey, readItem, type Item } from './item-reader';

const MIB = 1024 * 1024;
const contract = JSON.parse(readFileSync(new URL('../../../tests/contract/item_file.json', import.meta.url), 'utf-8'));
const rescue = newRescueKey();
let database: Database;

beforeEach(async () => {
  database = await newDatabase();
  await database.vault.trust({ keyId: 'rescue', point: new Uint8Array(rescue.point), forWhom: 'phone person' });
});
afterEach(() => database.close());

const toSave = (of: Database, storyId: string, partId: string | null): ReturnType<typeof entriesToSave> =>
  entriesToSave(of, storyId, partId, async (id) => void (await endRecording(of, id)));

async function saved(storyId: string, partId: string | null): Promise<{ file: Buffer; largest: number }> {
  const pieces: Buffer[] = [];
  for await (const piece of itemFile(database, (await toSave(database, storyId, partId)).entries)) pieces.push(Buffer.from(piece));
  return { file: Buffer.concat(pieces), largest: Math.max(...pieces.map(({ length }) => length)) };
}

const recordingOf = async (segmentId: string): Promise<string> =>
  (await database.read(['segments'], (tx) => tx.objectStore('segments').get(segmentId)))!.recordingId;
const kinds = ({ contents }: Item): string[] => contents.entries.map(({ kind }) => kind);

describe('an item that is saved to a file', () => {
  it('opens with the key of the server alone, and holds what its recording needs, byte for byte', async () => {
    const story = await keptStory(database);
    await saveQuote(database, 'person', { id: 'q', storyId: story.id, text: 'Words', writtenAt: 'now' });
    const sound = [soundOf(MIB + 3), soundOf(2 * MIB), soundOf(9)];
    const segment = await queuedSegment(database, story.id, ...sound);
    const { file, largest } = await saved(story.id, await recordingOf(segment));
    const item = readItem(file, rescue.secret);
    expect(kinds(item)).toEqual(['consent', 'story', 'manifest', 'segment']);
    expect(item).toMatchObject({ keyId: 'rescue', frames: 5, contents: { version: 1, person_id: 'person' } });
    expect(item.files).toEqual([Buffer.concat(sound.map((piece) => Buffer.from(piece)))]);
    expect(largest).toBeLessThanOrEqual(MIB + 4 + 16);
    for (const entry of item.contents.entries) {
      const bytes = entry.body === null ? item.files[0]! : Buffer.from(entry.body);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(entry.sha256);
      expect(bytes.length).toBe(entry.bytes);
    }
    expect(item.contents.entries[3]!.metadata).toMatchObject({ kind: 'segment', number: '0', type: 'audio/webm;codecs=opus' });
    expect(() => readItem(file, newRescueKey().secret)).toThrow();
    expect(file.includes('Rose')).toBe(false);
  });

  it('may be all of a story', async () => {
    const story = await keptStory(database);
    await saveQuote(database, 'person', { id: 'q', storyId: story.id, text: 'Words', writtenAt: 'now' });
    const item = readItem((await saved(story.id, null)).file, rescue.secret);
    expect(kinds(item)).toEqual(['consent', 'story', 'quote']);
    expect(item).toMatchObject({ frames: 1, files: [] });
  });

  it('cannot lose its end, or have its pieces moved, without being found out', async () => {
    const story = await keptStory(database);
    const segment = await queuedSegment(database, story.id, soundOf(2 * MIB));
    const { file } = await saved(story.id, await recordingOf(segment));
    expect(() => readItem(file.subarray(0, file.length - MIB - 20), rescue.secret)).toThrow();
  });

  it('is not made before the phone has met the server, nor while it is locked', async () => {
    const stranger = await newDatabase();
    const story = await keptStory(stranger);
    const { entries } = await toSave(stranger, story.id, null);
    await expect(itemFile(stranger, entries).next()).rejects.toMatchObject({ code: 'no_rescue_key' });
    stranger.vault.lock();
    await expect(toSave(stranger, story.id, null)).rejects.toMatchObject({ code: 'locked' });
    stranger.close();
  });
});

describe('what stands in the way of saving a story to a file', () => {
  it('one damaged item is left out, and that is said; alone it cannot be saved', async () => {
    const story = await keptStory(database);
    const [bad, good] = [await queuedSegment(database, story.id, soundOf(50)), await queuedSegment(database, story.id, soundOf(60))];
    const row = (await database.read(['chunks'], (tx) => tx.objectStore('chunks').get([bad, 0])))!;
    await database.write(['chunks'], (tx) => tx.objectStore('chunks').put({ ...row, bytes: row.bytes.slice(1) }));
    const { entries, damaged } = await toSave(database, story.id, null);
    expect(damaged).toBe(1);
    expect(entries.filter(({ kind }) => kind === 'segment').map(({ id }) => id)).toEqual([good]);
    expect(readItem((await saved(story.id, null)).file, rescue.secret).files).toEqual([Buffer.from(soundOf(60))]);
    await expect(toSave(database, story.id, await recordingOf(bad))).rejects.toMatchObject({ code: 'damaged_on_phone' });
  });

  it('sound that is sealed and not queued yet is in it, with the manifest of a recording that nobody had ended', async () => {
    const story = await keptStory(database);
    const { segmentId } = await halfMadeSegment(database, story.id, [soundOf(70)]);
    await expect(toSave(database, story.id, null)).rejects.toMatchObject({ code: 'already_recording' });
    await sealSegment(database, segmentId, 'stopped', null);
    const { entries } = await toSave(database, story.id, null);
    expect(entries.map(({ kind }) => kind)).toEqual(['consent', 'story', 'manifest', 'segment']);
  });
});

it('the file that the server is tested with says the same', () => {
  const secret = createPrivateKey({ key: contract.rescue_key.private_jwk, format: 'jwk' });
  const item = readItem(Buffer.from(contract.file, 'base64'), secret);
  expect(item.keyId).toBe(contract.rescue_key.id);
  expect(item.contents).toEqual(contract.item);
  expect(item.files.map((bytes) => bytes.toString('base64'))).toEqual(contract.files);
});
