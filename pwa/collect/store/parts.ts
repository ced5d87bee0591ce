import { Refusal } from '../domain/codes';
import { whyNotDeleted } from '../domain/deleting';
import type { Photo, Quote } from '../domain/story';
import { quoteBody } from '../domain/wire';
import { rowsOf, sealedRows } from './bytes';
import type { Database } from './database';
import { eraseDraft, photoDraft, quoteDraft } from './drafts';
import { fileEntry, textEntry } from './entries';
import { toRow } from './rows';
import { needStory, nextPosition } from './stories';

type New<Part> = Omit<Part, 'position'>;

/** Keeps a quote, queues it, and forgets what was written on the way to it. Throws `story_missing`. */
export async function saveQuote(database: Database, personId: string, quote: New<Quote>): Promise<void> {
  const owner = { storyId: quote.storyId, personId };
  const entry = await textEntry('quote', quote.id, owner, quoteBody({ ...quote, position: 0 }));
  const row = await toRow(database, 'quotes', { ...quote, position: 0 });
  const entryRow = await toRow(database, 'outbox', entry);
  await database.write(['stories', 'quotes', 'photos', 'recordings', 'outbox', 'drafts'], async (tx) => {
    await needStory(tx, quote.storyId);
    const position = await nextPosition(tx, quote.storyId);
    await tx.objectStore('quotes').put({ ...row, position });
    await tx.objectStore('outbox').put({ ...entryRow, position });
    await eraseDraft(tx, quoteDraft(quote.storyId));
  });
  database.changed();
}

/** Keeps a photo's bytes, queues it, and forgets what was kept of it until then. Throws `story_missing`. */
export async function savePhoto(
  database: Database,
  personId: string,
  photo: New<Photo>,
  bytes: ArrayBuffer,
): Promise<void> {
  const entry = await fileEntry('photo', photo.id, { storyId: photo.storyId, personId }, bytes, 0);
  const row = await toRow(database, 'photos', { ...photo, position: 0 });
  const chunks = await sealedRows(database, photo.id, 0, bytes, 0);
  const entryRow = await toRow(database, 'outbox', entry);
  await database.write(['stories', 'quotes', 'photos', 'recordings', 'chunks', 'outbox', 'drafts'], async (tx) => {
    await needStory(tx, photo.storyId);
    const position = await nextPosition(tx, photo.storyId);
    await tx.objectStore('photos').put({ ...row, position });
    for (const chunk of chunks) await tx.objectStore('chunks').put(chunk);
    await tx.objectStore('outbox').put({ ...entryRow, position });
    await eraseDraft(tx, photoDraft(photo.storyId));
  });
  database.changed();
}

/** Removes a part that only this phone holds. Throws `already_sent`, or `may_be_sent` where nobody knows. */
export async function discardPart(database: Database, partId: string): Promise<void> {
  const stores = ['quotes', 'photos', 'recordings', 'segments', 'markers', 'chunks', 'outbox'] as const;
  await database.write([...stores], async (tx) => {
    const segmentIds = await tx.objectStore('segments').index('recordingId').getAllKeys(partId);
    const markerIds = await tx.objectStore('markers').index('recordingId').getAllKeys(partId);
    const ids = [partId, ...segmentIds];
    const entries = await Promise.all(ids.map((id) => tx.objectStore('outbox').get(id)));
    const why = whyNotDeleted(entries.filter((entry) => entry !== undefined));
    if (why) throw new Refusal(why);
    for (const id of ids) {
      for (const name of ['quotes', 'photos', 'recordings', 'segments', 'outbox'] as const)
        await tx.objectStore(name).delete(id);
      await tx.objectStore('chunks').delete(rowsOf(id));
    }
    for (const id of markerIds) await tx.objectStore('markers').delete(id);
  });
  database.changed();
}
