import type { ConsentRecord, EvidenceFile } from '../domain/consent';
import { Refusal } from '../domain/codes';
import type { Story } from '../domain/story';
import type { Kept } from '../domain/story-views';
import { consentBody, storyBody } from '../domain/wire';
import type { Database } from './database';
import { eraseDraft } from './drafts';
import { textEntry } from './entries';
import { putEvidence, readyEvidence } from './evidence';
import { receiptHashesOf } from './receipt-hashes';
import { fromRow, readable, toRow } from './rows';
import type { Reading, Writing } from './schema';

/** A consent, and the file that shows it, where it was kept until now. */
export interface GivenConsent {
  consent: ConsentRecord;
  file: EvidenceFile | null;
}

/**
 * Keeps a story, the consents of all who tell it and what shows them, queues everything, and forgets the conversation
 * they came from, which is kept as `keptAs`: all of it, or none. Throws `damaged_on_phone` when evidence is not what it
 * was.
 */
export async function saveStory(
  database: Database,
  story: Story,
  given: readonly GivenConsent[],
  keptAs = '',
): Promise<void> {
  const owner = { storyId: story.id, personId: story.personId };
  const entries = await Promise.all([
    ...given.map(({ consent }, at) => textEntry('consent', consent.id, owner, consentBody(consent), at)),
    textEntry('story', story.id, owner, storyBody(story)),
  ]);
  const rows = await Promise.all(entries.map((entry) => toRow(database, 'outbox', entry)));
  const storyRow = await toRow(database, 'stories', { ...story, receiptHashes: await receiptHashesOf(story) });
  const consentRows = await Promise.all(given.map(({ consent }) => toRow(database, 'consents', consent)));
  const evidence = await Promise.all(
    given.flatMap(({ consent, file }, at) =>
      file ? [readyEvidence(database, { file, keptAs }, consent, story.personId, at)] : [],
    ),
  );
  await database.write(['stories', 'consents', 'evidence', 'chunks', 'outbox', 'drafts'], async (tx) => {
    await tx.objectStore('stories').put(storyRow);
    for (const row of consentRows) await tx.objectStore('consents').put(row);
    for (const ready of evidence) await putEvidence(tx, ready);
    for (const row of rows) await tx.objectStore('outbox').put(row);
    if (keptAs) await eraseDraft(tx, keptAs);
  });
  database.changed();
}

/** Everything that can be read now; of the outbox how each entry stands, which needs no key. */
export async function everythingKept(database: Database): Promise<Kept> {
  const stores = ['stories', 'consents', 'quotes', 'photos', 'recordings', 'segments', 'outbox'] as const;
  const [stories, consents, quotes, photos, recordings, segments, entries] = await database.read([...stores], (tx) =>
    Promise.all([
      tx.objectStore('stories').getAll(),
      tx.objectStore('consents').getAll(),
      tx.objectStore('quotes').getAll(),
      tx.objectStore('photos').getAll(),
      tx.objectStore('recordings').getAll(),
      tx.objectStore('segments').getAll(),
      tx.objectStore('outbox').getAll(),
    ]),
  );
  return {
    stories: await readable(database, 'stories', stories),
    consents: await readable(database, 'consents', consents),
    quotes: await readable(database, 'quotes', quotes),
    photos: await readable(database, 'photos', photos),
    recordings,
    segments,
    entries,
  };
}

export async function hasStory(database: Database, storyId: string): Promise<boolean> {
  return (await database.read(['stories'], (tx) => tx.objectStore('stories').getKey(storyId))) !== undefined;
}

/** Nothing is added to a story that was withdrawn meanwhile. Throws `story_missing`. */
export async function needStory(tx: Reading | Writing, storyId: string): Promise<void> {
  if ((await tx.objectStore('stories').getKey(storyId)) === undefined) throw new Refusal('story_missing');
}

/** The story and the consents of all who tell it. Throws `story_missing`, `locked` or `damaged_on_phone`. */
export async function storyWithConsents(
  database: Database,
  storyId: string,
): Promise<{ story: Story; consents: ConsentRecord[] }> {
  const { story, consents } = await database.read(['stories', 'consents'], async (tx) => ({
    story: await tx.objectStore('stories').get(storyId),
    consents: await tx.objectStore('consents').index('storyId').getAll(storyId),
  }));
  if (!story || consents.length === 0) throw new Refusal('story_missing');
  return {
    story: await fromRow(database, 'stories', story),
    consents: await Promise.all(consents.map((consent) => fromRow(database, 'consents', consent))),
  };
}

/** The place of the next part in its story, counting recordings, photos and quotes together. */
export async function nextPosition(tx: Reading | Writing, storyId: string): Promise<number> {
  const parts: { position: number }[] = [
    ...(await tx.objectStore('recordings').index('storyId').getAll(storyId)),
    ...(await tx.objectStore('photos').index('storyId').getAll(storyId)),
    ...(await tx.objectStore('quotes').index('storyId').getAll(storyId)),
  ];
  return parts.reduce((last, part) => Math.max(last, part.position), 0) + 1;
}
