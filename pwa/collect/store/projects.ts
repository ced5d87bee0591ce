import { isComplete } from '../domain/feed';
import type { KnownPerson, Project } from '../domain/project';
import type { Database } from './database';

/** Those that stories can be collected for, by name. */
export async function keptProjects(database: Database): Promise<Project[]> {
  const projects = await database.read(['projects'], (tx) => tx.objectStore('projects').getAll());
  return projects.filter(isComplete).sort((a, b) => a.name.localeCompare(b.name, 'en-GB'));
}

/** Remembers who signed in last on this phone. */
export async function keepPerson(database: Database, person: KnownPerson): Promise<void> {
  await database.write(['people'], async (tx) => {
    await tx.objectStore('people').clear();
    await tx.objectStore('people').put(person);
  });
  database.changed();
}

export async function keptPerson(database: Database): Promise<KnownPerson | null> {
  const people = await database.read(['people'], (tx) => tx.objectStore('people').getAll());
  return people[0] ?? null;
}

/** Nobody is signed in on this phone any more. Their projects go; what they collected stays, sealed. */
export async function forgetPerson(database: Database): Promise<void> {
  await database.write(['people', 'projects', 'sync'], async (tx) => {
    await tx.objectStore('people').clear();
    await tx.objectStore('projects').clear();
    await tx.objectStore('sync').delete('feed');
  });
  database.changed();
}
