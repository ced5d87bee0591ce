import { Refusal } from '../domain/codes';
import { UNFINISHED } from '../domain/conversation';
import type { DraftCounts } from '../domain/status';
import type { Database } from './database';
import type { DraftRow, Writing } from './schema';

const QUOTE = 'quote/';
const WORRY = 'worry/';

/** The names of the conversations that are not finished, oldest first. It needs no key. */
export async function unfinishedNames(database: Database): Promise<string[]> {
  const names = await database.read(['drafts'], (tx) => tx.objectStore('drafts').getAllKeys());
  return names.filter((name) => (name === UNFINISHED || name.startsWith(`${UNFINISHED}:`)) && !name.includes('/'));
}

/**
 * How many quotes and photos are not finished, of stories that are still here. It needs no key, and so it says nothing
 * of worries: whoever has a locked phone in their hands is not told that there is one.
 */
export async function draftCounts(database: Database): Promise<Omit<DraftCounts, 'conversations'>> {
  const { names, stories } = await database.read(['drafts', 'stories'], async (tx) => ({
    names: new Set(await tx.objectStore('drafts').getAllKeys()),
    stories: await tx.objectStore('stories').getAllKeys(),
  }));
  return {
    quotes: stories.filter((id) => names.has(quoteDraft(id))).length,
    photos: stories.filter((id) => names.has(photoDraft(id))).length,
  };
}

/**
 * Keeps something that is not finished, sealed, by its name. What belongs to it is under the same name with a slash
 * behind. Nothing in its place forgets it. Throws `story_missing` for a quote or a worry of a story that was withdrawn
 * meanwhile.
 */
export async function keepDraft(database: Database, name: string, value: unknown): Promise<void> {
  if (value === null) return forgetDraft(database, name);
  const row = await sealedDraft(database, name, value);
  await database.write(['stories', 'drafts'], async (tx) => {
    const storyId = storyOf(name);
    if (storyId && (await tx.objectStore('stories').getKey(storyId)) === undefined) throw new Refusal('story_missing');
    await tx.objectStore('drafts').put(row);
  });
}

/** The row of a draft. It comes before the transaction, since a transaction waits for no cipher. */
export async function sealedDraft(database: Database, name: string, value: unknown): Promise<DraftRow> {
  return { name, sealed: await database.vault.seal(placeOf(name), value) };
}

/** Null when there is none. Throws `locked` or `damaged_on_phone`. */
export async function readDraft<T>(database: Database, name: string): Promise<T | null> {
  const row = await database.read(['drafts'], (tx) => tx.objectStore('drafts').get(name));
  return row ? database.vault.open<T>(placeOf(name), row.sealed) : null;
}

/** Keeps bytes that belong to what is kept as `owner`. Throws `not_saved` where that is not there, or no longer. */
export async function keepDraftBytes(database: Database, owner: string, id: string, bytes: ArrayBuffer): Promise<void> {
  const row = await sealedDraftBytes(database, owner, id, bytes);
  await database.write(['drafts'], async (tx) => {
    if ((await tx.objectStore('drafts').getKey(owner)) === undefined) throw new Refusal('not_saved', 'nothing it belongs to');
    await tx.objectStore('drafts').put(row);
  });
}

/** The row of bytes that belong to what is kept as `owner`. */
export async function sealedDraftBytes(
  database: Database,
  owner: string,
  id: string,
  bytes: ArrayBuffer,
): Promise<DraftRow> {
  const name = bytesName(owner, id);
  return { name, sealed: await database.vault.sealBytes(placeOf(name), bytes) };
}

export async function readDraftBytes(database: Database, owner: string, id: string): Promise<ArrayBuffer | null> {
  const name = bytesName(owner, id);
  const row = await database.read(['drafts'], (tx) => tx.objectStore('drafts').get(name));
  return row ? database.vault.openBytes(placeOf(name), row.sealed) : null;
}

export async function forgetDraftBytes(database: Database, owner: string, id: string): Promise<void> {
  await database.write(['drafts'], (tx) => tx.objectStore('drafts').delete(bytesName(owner, id)));
}

export async function hasDraftBytes(database: Database, owner: string, id: string): Promise<boolean> {
  const key = await database.read(['drafts'], (tx) => tx.objectStore('drafts').getKey(bytesName(owner, id)));
  return key !== undefined;
}

/** Forgets a draft and what belongs to it. */
export async function forgetDraft(database: Database, name: string): Promise<void> {
  await database.write(['drafts'], (tx) => eraseDraft(tx, name));
}

/** The same within a transaction over `drafts`. */
export async function eraseDraft(tx: Writing, name: string): Promise<void> {
  await tx.objectStore('drafts').delete(name);
  await tx.objectStore('drafts').delete(IDBKeyRange.bound(`${name}/`, `${name}/\uffff`));
}

export function quoteDraft(storyId: string): string {
  return QUOTE + storyId;
}

export function photoDraft(storyId: string): string {
  return `photo/${storyId}`;
}

/** What worries somebody about a story, while they write it. */
export function worryDraft(storyId: string): string {
  return WORRY + storyId;
}

/** The story that words belong to; none for what is of no story, or has a way of its own. */
function storyOf(name: string): string | undefined {
  const kind = [QUOTE, WORRY].find((one) => name.startsWith(one));
  return kind && name.slice(kind.length);
}

function bytesName(owner: string, id: string): string {
  return `${owner}/${id}`;
}

function placeOf(name: string): string {
  return `drafts/${name}`;
}
