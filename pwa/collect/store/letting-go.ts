import { isDeletable, keptFromNow, USUAL_KEEP_HOURS } from '../domain/keeping';
import type { EntryStanding } from '../domain/outbox';
import { rowsOf } from './bytes';
import type { Database } from './database';
import { changeEntries } from './outbox';
import { WITH_BYTES } from './schema';

/**
 * Lets go of the bytes of files whose receipt came, once their project's keep time is over: as the project wishes now,
 * or, where nothing is known of it any more, as it wished when the receipt came. Needs no key and no signal. Each file
 * is a transaction of its own.
 */
export async function letGo(database: Database, now: number): Promise<void> {
  await changeEntries(database, (entry) => keptFromNow(entry, now));
  for (const { id } of await deletable(database, now)) await release(database, id, now);
}

async function deletable(database: Database, now: number): Promise<EntryStanding[]> {
  const { entries, stories, projects } = await database.read(['outbox', 'stories', 'projects'], async (tx) => ({
    entries: await tx.objectStore('outbox').getAll(),
    stories: await tx.objectStore('stories').getAll(),
    projects: await tx.objectStore('projects').getAll(),
  }));
  const hoursOf = new Map(projects.map(({ id, keepHours }) => [id, keepHours]));
  const projectOf = new Map(stories.map(({ id, projectId }) => [id, projectId]));
  const hours = ({ storyId, keepHours }: EntryStanding): number =>
    hoursOf.get(projectOf.get(storyId) ?? '') ?? keepHours ?? USUAL_KEEP_HOURS;
  return entries.filter((entry) => isDeletable(entry, hours(entry), now));
}

async function release(database: Database, id: string, now: number): Promise<void> {
  await database.write(['outbox', 'chunks', ...WITH_BYTES], async (tx) => {
    const entry = await tx.objectStore('outbox').get(id);
    // A restored server may have asked for it again since.
    if (!entry || !isDeletable(entry, 0, now)) return;
    await tx.objectStore('outbox').put({ ...entry, keptSince: null });
    await tx.objectStore('chunks').delete(rowsOf(id));
    for (const name of WITH_BYTES) {
      const part = await tx.objectStore(name).get(id);
      if (part) await tx.objectStore(name).put({ ...part, released: true } as never);
    }
  });
  database.changed();
}
