import { Refusal } from '../domain/codes';
import type { Embargo } from '../domain/embargo';
import { holdingBack, type HoldingBack } from '../domain/holding-back';
import type { OutboxEntry } from '../domain/outbox';
import { storyBody } from '../domain/wire';
import type { Database } from './database';
import { eraseDraft, worryDraft } from './drafts';
import { textEntry } from './entries';
import { changeEntry } from './outbox';
import { fromRow, toRow } from './rows';

/** Whether a story can still be held back here, or is with the server. */
export async function standingOf(database: Database, storyId: string): Promise<HoldingBack> {
  return holdingBack(await database.read(['outbox'], (tx) => tx.objectStore('outbox').get(storyId)));
}

/**
 * Puts an embargo into a story that nobody has sent, so that it goes with its first byte. Sealed like all of it.
 * What was written on the way to it is forgotten.
 * Throws `story_missing`, `locked`, `damaged_on_phone`, and `already_sent` or `may_be_sent` where it is too late.
 */
export async function holdBack(database: Database, storyId: string, embargo: Embargo): Promise<void> {
  const { row, waiting } = await database.read(['stories', 'outbox'], async (tx) => ({
    row: await tx.objectStore('stories').get(storyId),
    waiting: await tx.objectStore('outbox').get(storyId),
  }));
  if (!row) throw new Refusal('story_missing');
  refuseLate(holdingBack(waiting));
  const story = { ...(await fromRow(database, 'stories', row)), embargo };
  const { sealed: _, ...standing } = waiting!;
  const made = await textEntry('story', storyId, { storyId, personId: story.personId }, storyBody(story));
  const { sha256, body, bytes } = made;
  const storyRow = await toRow(database, 'stories', story);
  const entry = await toRow(database, 'outbox', { ...standing, sha256, body, bytes });
  await database.write(['stories', 'outbox', 'drafts'], async (tx) => {
    const now = await tx.objectStore('outbox').get(storyId);
    if (!(await tx.objectStore('stories').get(storyId))) throw new Refusal('story_missing');
    refuseLate(holdingBack(now));
    await tx.objectStore('stories').put(storyRow);
    await tx.objectStore('outbox').put(entry);
    await eraseDraft(tx, worryDraft(storyId));
  });
  database.changed();
}

/** From when a copy of it has left in a file, the server may have it as it was then. */
export async function noteLeft(database: Database, entries: readonly OutboxEntry[]): Promise<void> {
  for (const { id, kind } of entries)
    if (kind === 'story') await changeEntry(database, id, (found) => ({ ...found, triedAt: found.triedAt ?? Date.now() }));
}

function refuseLate(standing: HoldingBack): void {
  if (standing !== 'here') throw new Refusal(standing);
}
