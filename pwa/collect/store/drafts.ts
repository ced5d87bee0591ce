import { UNFINISHED } from '../domain/conversation';
import type { Database } from './database';
import type { Writing } from './schema';

/** The names of the conversations that are not finished, oldest first. It needs no key. */
export async function unfinishedNames(database: Database): Promise<string[]> {
  const names = await database.read(['drafts'], (tx) => tx.objectStore('drafts').getAllKeys());
  return names.filter((name) => (name === UNFINISHED || name.startsWith(`${UNFINISHED}:`)) && !name.includes('/'));
}

/**
 * Keeps something that is not finished, sealed, by its name. What belongs to it is under the same name with a slash
 * behind. Nothing in its place forgets it.
 */
export async function keepDraft(database: Database, name: string, value: unknown): Promise<void> {
  if (value === null) return forgetDraft(database, name);
  const sealed = await database.vault.seal(placeOf(name), value);
  await database.write(['drafts'], (tx) => tx.objectStore('drafts').put({ name, sealed }));
}

/** Null when there is none. Throws `locked` or `damaged_on_phone`. */
export async function readDraft<T>(database: Database, name: string): Promise<T | null> {
  const row = await database.read(['drafts'], (tx) => tx.objectStore('drafts').get(name));
  return row ? database.vault.open<T>(placeOf(name), row.sealed) : null;
}

/** The same for bytes. */
export async function keepDraftBytes(database: Database, name: string, bytes: ArrayBuffer): Promise<void> {
  const sealed = await database.vault.sealBytes(placeOf(name), bytes);
  await database.write(['drafts'], (tx) => tx.objectStore('drafts').put({ name, sealed }));
}

export async function readDraftBytes(database: Database, name: string): Promise<ArrayBuffer | null> {
  const row = await database.read(['drafts'], (tx) => tx.objectStore('drafts').get(name));
  return row ? database.vault.openBytes(placeOf(name), row.sealed) : null;
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
  return `quote/${storyId}`;
}

function placeOf(name: string): string {
  return `drafts/${name}`;
}
