import type { Receipt } from './answer';
import type { Project, Prompt, Theme, Wording } from './project';

/** One entry of the server's feed: how something stands now. Kinds this app has no use for are left out. */
export type Change =
  | ({ kind: 'project'; projectId: string } & Pick<
      Project,
      'name' | 'introduction' | 'isDemo' | 'places' | 'photoPixels' | 'keepHours' | 'groups' | 'mayBeNamed'
    >)
  | { kind: 'guide'; projectId: string; prompts: Prompt[] }
  | { kind: 'codebook'; projectId: string; themes: Theme[] }
  | { kind: 'wording'; projectId: string; wording: Wording | null }
  | { kind: 'membership'; projectId: string; collects: boolean }
  | { kind: 'receipt'; receipt: Receipt }
  | { kind: 'tombstone'; storyId: string };

/** A page of the feed. `reset`: the server went back to an older copy, and tells everything again. */
export interface Page {
  changes: Change[];
  next: number;
  more: boolean;
  reset: boolean;
}

/** A project as far as the feed has told of it. */
export type ToldProject = Omit<Project, 'wording'> & { wording: Wording | null };

/** The projects after one change; the same list when it is about something else. */
export function projectsAfter(projects: readonly ToldProject[], change: Change): readonly ToldProject[] {
  switch (change.kind) {
    case 'project': {
      const { kind: _, projectId, ...news } = change;
      return told(projects, projectId, news);
    }
    case 'guide':
      return told(projects, change.projectId, { prompts: change.prompts });
    case 'codebook':
      return told(projects, change.projectId, { themes: change.themes });
    case 'wording':
      return told(projects, change.projectId, { wording: change.wording });
    case 'membership':
      return change.collects ? projects : projects.filter(({ id }) => id !== change.projectId);
    default:
      return projects;
  }
}

/** Stories can be collected for a project once its wording is known. */
export function isComplete(project: ToldProject): project is Project {
  return project.wording !== null && project.name !== '';
}

function told(projects: readonly ToldProject[], id: string, news: Partial<ToldProject>): ToldProject[] {
  const unknown = { id, name: '', introduction: '', isDemo: false, wording: null, prompts: [], places: [] };
  const before = projects.find((project) => project.id === id) ?? unknown;
  return [...projects.filter((project) => project.id !== id), { ...before, ...news }];
}
