import { Refusal } from '../domain/codes';
import type { Photo, Quote } from '../domain/story';
import { quoteBody } from '../domain/wire';
import { rowsOf, sealedRows } from './bytes';
import type { Database } from './database';
import { fileEntry, textEntry } from './entries';
import { toRow } from './rows';
import { nextPosition } from './stories';

type New<Part> = Omit<Part, 'position'>;

/** Keeps a quote and queues it. */
export async function saveQuote(database: Database, personId: string, quote: New<Quote>): Promise<void> {
  const owner = { storyId: quote.storyId, personId };
  const entry = await textEntry('quote', quote.id, owner, quoteBody({ ...quote, position: 0 }));
  const row = await toRow(database, 'quotes', { ...quote, position: 0 });
  const entryRow = await toRow(database, 'outbox', entry);
  await database.write(['quotes', 'photos', 'recordings', 'outbox'], async (tx) => {
    const position = await nextPosition(tx, quote.storyId);
    await tx.objectStore('quotes').put({ ...row, position });
    await tx.objectStore('outbox').put({ ...entryRow, position });
  });
  database.changed();
}

/** Keeps a photo's bytes and queues it. */
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
  await database.write(['quotes', 'photos', 'recordings', 'chunks', 'outbox'], async (tx) => {
    const position = await nextPosition(tx, photo.storyId);
    await tx.objectStore('photos').put({ ...row, position });
    for (const chunk of chunks) await tx.objectStore('chunks').put(chunk);
    await tx.objectStore('outbox').put({ ...entryRow, position });
  });
  database.changed();
}

/** Removes a part that only this phone holds. Throws `already_sent` when any of it may be elsewhere. */
export async function discardPart(database: Database, partId: string): Promise<void> {
  await database.write(['quotes', 'photos', 'recordings', 'chunks', 'outbox'], async (tx) => {
    const entry = await tx.objectStore('outbox').get(partId);
    const gone = entry?.state === 'sending' || entry?.state === 'stored' || (entry?.sentBytes ?? 0) > 0;
    if (gone) throw new Refusal('already_sent');
    await tx.objectStore('quotes').delete(partId);
    await tx.objectStore('photos').delete(partId);
    await tx.objectStore('recordings').delete(partId);
    await tx.objectStore('chunks').delete(rowsOf(partId));
    await tx.objectStore('outbox').delete(partId);
  });
  database.changed();
}
