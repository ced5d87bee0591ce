import type { KnownPerson, Project } from '../domain/project';
import type { Database } from './database';

/** Replaces the projects kept for working with no signal. */
export async function keepProjects(database: Database, projects: Project[]): Promise<void> {
  await database.write(['projects'], async (tx) => {
    await tx.objectStore('projects').clear();
    for (const project of projects) await tx.objectStore('projects').put(project);
  });
  database.changed();
}

/** By name. */
export async function keptProjects(database: Database): Promise<Project[]> {
  const projects = await database.read(['projects'], (tx) => tx.objectStore('projects').getAll());
  return projects.sort((a, b) => a.name.localeCompare(b.name, 'en-GB'));
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
