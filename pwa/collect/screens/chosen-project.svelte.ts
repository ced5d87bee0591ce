import type { Project } from '../domain/project';

const KEY = 'earshot.project';

let chosenId = $state(localStorage.getItem(KEY));

export const chosenProject = {
  /** The project chosen on this phone, or the first while none was, or none is theirs any more. */
  among(projects: readonly Project[]): Project | undefined {
    return projects.find(({ id }) => id === chosenId) ?? projects[0];
  },
  choose(id: string): void {
    chosenId = id;
    localStorage.setItem(KEY, id);
  },
};
