import { isComplete } from '../domain/feed';
import type { KnownPerson, Project } from '../domain/project';
import type { Database } from './database';
import type { Writing } from './schema';

/** Those that stories can be collected for, by name. */
export async function keptProjects(database: Database): Promise<Project[]> {
  const projects = await database.read(['projects'], (tx) => tx.objectStore('projects').getAll());
  return projects.filter(isComplete).sort((a, b) => a.name.localeCompare(b.name, 'en-GB'));
}

/** Remembers who signed in last on this phone. */
export async function keepPerson(database: Database, person: KnownPerson): Promise<void> {
  await database.write(['people', 'outbox'], async (tx) => {
    await otherThan(tx, person.id);
    await tx.objectStore('people').put(person);
  });
  database.changed();
}

/** The account that last signed in on this phone; null where they signed out. */
export async function keptPerson(database: Database): Promise<KnownPerson | null> {
  return (await keptPeople(database)).find(({ left }) => !left) ?? null;
}

/** The same, and those before them whom something here is of. */
export function keptPeople(database: Database): Promise<KnownPerson[]> {
  return database.read(['people'], (tx) => tx.objectStore('people').getAll());
}

/** Nobody is signed in on this phone any more. Their projects go; what they collected stays, sealed. */
export async function forgetPerson(database: Database): Promise<void> {
  await database.write(['people', 'outbox', 'projects', 'sync'], async (tx) => {
    await otherThan(tx, null);
    await tx.objectStore('projects').clear();
    await tx.objectStore('sync').delete('feed');
  });
  database.changed();
}

/** The names of those whom something here is of stay, to say whom it waits for. All others go. */
async function otherThan(tx: Writing, personId: string | null): Promise<void> {
  const people = tx.objectStore('people');
  const others = (await people.getAll()).filter(({ id }) => id !== personId);
  if (others.length === 0) return;
  const theirs = new Set((await tx.objectStore('outbox').getAll()).map((entry) => entry.personId));
  for (const person of others) {
    if (!theirs.has(person.id)) await people.delete(person.id);
    else if (!person.left) await people.put({ ...person, left: true });
  }
}
