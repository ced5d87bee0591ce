import { Refusal } from '../domain/codes';
import { longestEdge } from '../domain/picture';
import type { PhotoDraft } from '../domain/story';
import type { Database } from './database';
import {
  forgetDraft, hasDraftBytes, photoDraft, readDraft, readDraftBytes, sealedDraft, sealedDraftBytes,
} from './drafts';
import { needStory } from './stories';

/**
 * Keeps a photo that is not saved, sealed, with what is said of it so far: both, or neither. Its picture is written
 * once. Throws `story_missing`, also where its story was withdrawn while the picture was being made.
 */
export async function keepPhotoDraft(database: Database, storyId: string, photo: PhotoDraft): Promise<void> {
  const { bytes, ...rest } = photo;
  const owner = photoDraft(storyId);
  const rows = [await sealedDraft(database, owner, rest)];
  if (!(await hasDraftBytes(database, owner, photo.id)))
    rows.push(await sealedDraftBytes(database, owner, photo.id, bytes));
  await database.write(['stories', 'drafts'], async (tx) => {
    await needStory(tx, storyId);
    for (const row of rows) await tx.objectStore('drafts').put(row);
  });
}

/** Null when there is none, or its picture never reached the disk. Throws `locked` or `damaged_on_phone`. */
export async function readPhotoDraft(database: Database, storyId: string): Promise<PhotoDraft | null> {
  const owner = photoDraft(storyId);
  const rest = await readDraft<Omit<PhotoDraft, 'bytes'>>(database, owner);
  const bytes = rest && (await readDraftBytes(database, owner, rest.id));
  return bytes && { ...rest, bytes };
}

export async function forgetPhotoDraft(database: Database, storyId: string): Promise<void> {
  await forgetDraft(database, photoDraft(storyId));
}

/** Pixels of the longest edge that a photo of this story keeps. It needs no key. Throws `story_missing`. */
export async function longestEdgeIn(database: Database, storyId: string): Promise<number> {
  return database.read(['stories', 'projects'], async (tx) => {
    const story = await tx.objectStore('stories').get(storyId);
    if (!story) throw new Refusal('story_missing');
    const project = await tx.objectStore('projects').get(story.projectId);
    return longestEdge(project?.photoPixels);
  });
}
