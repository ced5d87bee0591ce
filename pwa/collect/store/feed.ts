import { projectsAfter, type Page, type ToldProject } from '../domain/feed';
import { uuidv7 } from '../domain/ids';
import type { Database } from './database';

/** How far this person's feed has been read; 0 when another person's was read before, or none. */
export async function feedCursor(database: Database, personId: string): Promise<number> {
  const row = await database.read(['sync'], (tx) => tx.objectStore('sync').get('feed'));
  return row?.id === 'feed' && row.personId === personId ? row.cursor : 0;
}

/** Keeps what a page says of projects and how far it goes, in one transaction. A page from the start replaces all. */
export async function keepPage(database: Database, personId: string, page: Page, after: number): Promise<void> {
  await database.write(['projects', 'sync'], async (tx) => {
    const kept = tx.objectStore('projects');
    const before: readonly ToldProject[] = after === 0 || page.reset ? [] : await kept.getAll();
    await kept.clear();
    for (const project of page.changes.reduce(projectsAfter, before)) await kept.put(project);
    await tx.objectStore('sync').put({ id: 'feed', personId, cursor: page.next });
  });
  database.changed();
}

/** The id by which the server tells this phone from others, made when it is first asked for. */
export async function deviceId(database: Database): Promise<string> {
  return database.write(['sync'], async (tx) => {
    const row = await tx.objectStore('sync').get('device');
    if (row?.id === 'device') return row.deviceId;
    const made = uuidv7();
    await tx.objectStore('sync').put({ id: 'device', deviceId: made });
    return made;
  });
}
