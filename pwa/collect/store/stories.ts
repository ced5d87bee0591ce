import type { ConsentRecord } from '../domain/consent';
import { Refusal } from '../domain/codes';
import type { Story } from '../domain/story';
import type { Kept } from '../domain/story-views';
import { consentBody, storyBody } from '../domain/wire';
import type { Database } from './database';
import { textEntry } from './entries';
import { fromRow, readable, toRow } from './rows';
import type { Reading, Writing } from './schema';

/** Keeps a consent and its story and queues both: all of it, or none. */
export async function saveStory(database: Database, story: Story, consent: ConsentRecord): Promise<void> {
  const owner = { storyId: story.id, personId: story.personId };
  const entries = await Promise.all([
    textEntry('consent', consent.id, owner, consentBody(consent)),
    textEntry('story', story.id, owner, storyBody(story)),
  ]);
  const rows = await Promise.all(entries.map((entry) => toRow(database, 'outbox', entry)));
  const storyRow = await toRow(database, 'stories', story);
  const consentRow = await toRow(database, 'consents', consent);
  await database.write(['stories', 'consents', 'outbox'], async (tx) => {
    await tx.objectStore('stories').put(storyRow);
    await tx.objectStore('consents').put(consentRow);
    for (const row of rows) await tx.objectStore('outbox').put(row);
  });
  database.changed();
}

/** Everything that can be read now; of the outbox how each entry stands, which needs no key. */
export async function everythingKept(database: Database): Promise<Kept> {
  const stores = ['stories', 'consents', 'quotes', 'photos', 'recordings', 'outbox'] as const;
  const [stories, consents, quotes, photos, recordings, entries] = await database.read([...stores], (tx) =>
    Promise.all([
      tx.objectStore('stories').getAll(),
      tx.objectStore('consents').getAll(),
      tx.objectStore('quotes').getAll(),
      tx.objectStore('photos').getAll(),
      tx.objectStore('recordings').getAll(),
      tx.objectStore('outbox').getAll(),
    ]),
  );
  return {
    stories: await readable(database, 'stories', stories),
    consents: await readable(database, 'consents', consents),
    quotes: await readable(database, 'quotes', quotes),
    photos: await readable(database, 'photos', photos),
    recordings,
    entries,
  };
}

export async function hasStory(database: Database, storyId: string): Promise<boolean> {
  return (await database.read(['stories'], (tx) => tx.objectStore('stories').getKey(storyId))) !== undefined;
}

/** The story and its consent. Throws `story_missing`. */
export async function storyWithConsent(
  database: Database,
  storyId: string,
): Promise<{ story: Story; consent: ConsentRecord }> {
  const { story, consent } = await database.read(['stories', 'consents'], async (tx) => ({
    story: await tx.objectStore('stories').get(storyId),
    consent: await tx.objectStore('consents').index('storyId').get(storyId),
  }));
  if (!story || !consent) throw new Refusal('story_missing');
  return {
    story: await fromRow(database, 'stories', story),
    consent: await fromRow(database, 'consents', consent),
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
