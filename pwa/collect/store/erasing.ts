import { Refusal } from '../domain/codes';
import { uuidv7 } from '../domain/ids';
import type { EntryStanding } from '../domain/outbox';
import { isoWithOffset } from '../domain/time';
import { withdrawalBody } from '../domain/withdrawal';
import { rowsOf } from './bytes';
import type { Database } from './database';
import { eraseDraft, photoDraft, quoteDraft, worryDraft } from './drafts';
import { textEntry } from './entries';
import { keptReceiptHashes } from './receipt-hashes';
import { toRow } from './rows';
import { OF_A_STORY, type Writing } from './schema';

const ALL = [...OF_A_STORY, 'stories', 'chunks', 'drafts'] as const;

/** Removes what was kept of a withdrawn story from this phone, and leaves what the server is still to hear of it. */
export async function eraseStory(database: Database, storyId: string): Promise<void> {
  await database.write([...ALL], (tx) => eraseWithin(tx, storyId));
  database.changed();
}

/**
 * Takes a story back for its participant: its content leaves this phone at once, and what is left is the news for
 * the server. Both are one transaction. It needs no key. Throws `story_missing`.
 */
export async function takeBack(database: Database, storyId: string, reason: string): Promise<void> {
  const story = await database.read(['stories'], (tx) => tx.objectStore('stories').get(storyId));
  if (!story) throw new Refusal('story_missing');
  const { projectId, personId } = story;
  const receiptHashes = await keptReceiptHashes(database, story);
  const id = uuidv7();
  const body = withdrawalBody({ id, projectId, storyId, reason, withdrawnAt: isoWithOffset(), receiptHashes });
  const entry = await textEntry('withdrawal', id, { storyId, personId }, body);
  const row = await toRow(database, 'outbox', entry);
  await database.write([...ALL], async (tx) => {
    // Tried again after a write that had reached the disk, it is there already.
    if (!(await tx.objectStore('stories').getKey(storyId))) return;
    await eraseWithin(tx, storyId);
    await tx.objectStore('outbox').put(row);
  });
  database.changed();
}

/** All but news for the server, which wants it until it is written down where no backup forgets it. */
async function eraseWithin(tx: Writing, storyId: string): Promise<void> {
  const entries = await tx.objectStore('outbox').index('storyId').getAll(storyId);
  const news = new Set(entries.filter(isNews).map(({ id }) => id));
  for (const name of OF_A_STORY) {
    for (const id of await tx.objectStore(name).index('storyId').getAllKeys(storyId)) {
      if (name === 'outbox' && news.has(id)) continue;
      await tx.objectStore('chunks').delete(rowsOf(id));
      await tx.objectStore(name).delete(id);
    }
  }
  await eraseDraft(tx, quoteDraft(storyId));
  await eraseDraft(tx, photoDraft(storyId));
  await eraseDraft(tx, worryDraft(storyId));
  await tx.objectStore('stories').delete(storyId);
}

/** News that would be tried no more is of no use once the server knows. */
function isNews({ kind, state }: EntryStanding): boolean {
  return kind === 'withdrawal' && state !== 'refused';
}
