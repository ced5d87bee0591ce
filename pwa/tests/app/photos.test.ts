import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PhotoDesk } from '../../collect/app/photos';
import { StoryDesk } from '../../collect/app/stories';
import type { PhotoDraft, Story } from '../../collect/domain/story';
import type { Database } from '../../collect/store/database';
import { eraseStory } from '../../collect/store/erasing';
import type { DraftRow } from '../../collect/store/schema';
import { jpegOf, keptStory, newDatabase, PIN } from '../makers';

const about = { description: 'A window', people: 'nobody' as const, peopleNote: '' };
const file = new Blob(['from the camera']);

describe('a photo that is not saved', () => {
  let database: Database;
  let photos: PhotoDesk;
  let story: Story;
  let pixels: string;
  let sizes: [number, number][];
  let whileMaking: () => Promise<void>;

  beforeEach(async () => {
    database = await newDatabase();
    [pixels, sizes, whileMaking] = ['a window', [], () => Promise.resolve()];
    const toJpeg = (...size: [number, number]) => {
      sizes.push(size);
      return whileMaking().then(() => jpegOf(pixels).buffer);
    };
    const openImage = () => Promise.resolve({ width: 4000, height: 2000, toJpeg, close: () => undefined });
    photos = new PhotoDesk(database, openImage);
    story = await keptStory(database);
  });

  const names = () => database.read(['drafts'], (tx) => tx.objectStore('drafts').getAllKeys());
  const textOf = (photo: PhotoDraft | null): string => new TextDecoder().decode(photo?.bytes);

  it('is there again after the phone was locked, made smaller, with what was said of it', async () => {
    const taken = await photos.take(story.id, file);
    const said = { description: 'A wind', people: 'agreed' as const, peopleNote: 'Rosa’s hands' };
    await photos.keep(story.id, { ...taken, ...said });
    database.vault.lock();
    await expect(photos.unsaved(story.id)).rejects.toMatchObject({ code: 'locked' });
    await database.vault.unlock(PIN);
    const found = await photos.unsaved(story.id);
    expect(found).toMatchObject({ id: taken.id, width: 2400, height: 1200, ...said });
    expect(textOf(found)).toContain('a window');
    expect(sizes).toEqual([[2400, 1200]]);
  });

  it('is kept where the camera gives it only after the phone was locked', async () => {
    database.vault.lock();
    const { id } = await photos.take(story.id, file);
    database.vault.lock();
    await database.vault.unlock(PIN);
    expect(await photos.unsaved(story.id)).toMatchObject({ id });
  });

  it('is asked for only once it was taken, and is no bigger than its project allows', async () => {
    const project = { id: 'project', photoPixels: 800 } as never;
    await database.write(['projects'], (tx) => tx.objectStore('projects').put(project));
    const taking = photos.take(story.id, file);
    expect(await photos.unsaved(story.id)).toMatchObject({ id: (await taking).id, width: 800 });
  });

  it('is sealed, and none of it is read without the PIN (fault 32)', async () => {
    pixels = 'CANARY seen';
    const taken = await photos.take(story.id, file);
    await photos.keep(story.id, { ...taken, description: 'CANARY said' });
    const rows = await database.read(['drafts'], (tx) => tx.objectStore('drafts').getAll());
    expect(rows).toHaveLength(2);
    expect(rows.map(({ sealed }) => new TextDecoder('latin1').decode(sealed.bytes)).join()).not.toContain('CANARY');
  });

  it('is gone once it is saved, whatever was still being written, and is saved as it was taken', async () => {
    const taken = await photos.take(story.id, file);
    const desk = new StoryDesk(database);
    void photos.keep(story.id, { ...taken, description: 'A window' });
    const id = await photos.next(() => desk.addPhoto(story.id, taken, about));
    expect(await names()).toEqual([]);
    const saved = await database.read(['photos'], (tx) => tx.objectStore('photos').get(id));
    expect(saved).toMatchObject({ id: taken.id, takenAt: taken.takenAt, width: 2400 });
    expect(await (await desk.partBlob(id))!.arrayBuffer()).toEqual(taken.bytes);
  });

  it('is gone once it is taken away, replaced or its story withdrawn', async () => {
    await photos.take(story.id, file);
    const second = await photos.take(story.id, file);
    expect(await names()).toEqual([`photo/${story.id}`, `photo/${story.id}/${second.id}`]);
    await photos.keep(story.id, null);
    expect(await names()).toEqual([]);
    await photos.take(story.id, file);
    await eraseStory(database, story.id);
    expect(await names()).toEqual([]);
    await expect(photos.take(story.id, file)).rejects.toMatchObject({ code: 'story_missing' });
    expect(await names()).toEqual([]);
  });

  it('leaves nothing of it behind where its story is withdrawn while the picture is being made', async () => {
    whileMaking = () => eraseStory(database, story.id);
    const taken = await photos.take(story.id, file);
    expect(await names()).toEqual([]);
    await expect(photos.keep(story.id, taken)).rejects.toMatchObject({ code: 'story_missing' });
    expect(await names()).toEqual([]);
  });

  it('is kept with its picture or not at all, so that a full phone counts none that is not there', async () => {
    const put = IDBObjectStore.prototype.put;
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, row, key) {
      if ((row as DraftRow).name.endsWith(story.id)) return put.call(this, row, key);
      throw new DOMException('made for this test', 'QuotaExceededError');
    });
    const taken = await photos.take(story.id, file);
    full.mockRestore();
    expect(await names()).toEqual([]);
    await photos.keep(story.id, taken);
    expect(await names()).toEqual([`photo/${story.id}`, `photo/${story.id}/${taken.id}`]);
  });

  it('can be looked at and saved though the phone would not keep it, and the phone says that it does not', async () => {
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('made for this test', 'QuotaExceededError');
    });
    const taken = await photos.take(story.id, file);
    await expect(photos.keep(story.id, taken)).rejects.toMatchObject({ code: 'phone_full' });
    full.mockRestore();
    expect(await photos.unsaved(story.id)).toBeNull();
    await photos.keep(story.id, taken);
    expect(textOf(await photos.unsaved(story.id))).toContain('a window');
  });
});
