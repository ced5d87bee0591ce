import { isRecord } from '../domain/answer';
import { USES, type Use } from '../domain/consent';
import type { Person, Project, Prompt, Wording, WordingUse } from '../domain/project';

export interface Session {
  person: Person;
  csrfToken: string;
}

type Json = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const rows = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);

export function readSession(body: unknown): Session | null {
  if (!isRecord(body) || !isRecord(body.person) || typeof body.csrf_token !== 'string') return null;
  const { id, name } = body.person;
  if (typeof id !== 'string') return null;
  return { person: { id, name: text(name) }, csrfToken: body.csrf_token };
}

/** Null when the answer is not a list of projects, so that what is kept is not replaced by nothing. */
export function readProjects(body: unknown): Project[] | null {
  if (!isRecord(body) || !Array.isArray(body.projects)) return null;
  return rows(body.projects).map(readProject);
}

function readProject(row: Json): Project {
  return {
    id: text(row.id),
    name: text(row.name),
    introduction: text(row.introduction),
    isDemo: row.is_demo === true,
    wording: readWording(isRecord(row.wording) ? row.wording : {}),
    prompts: rows(row.prompts).map((prompt): Prompt => ({ id: text(prompt.id), text: text(prompt.text) })),
    places: Array.isArray(row.places) ? row.places.filter((place) => typeof place === 'string') : [],
  };
}

function readWording(row: Json): Wording {
  const asked = rows(row.uses).filter((use) => USES.includes(use.use as Use));
  return {
    id: text(row.id),
    version: Number(row.version ?? 0),
    title: text(row.title),
    introduction: text(row.introduction),
    uses: asked.map(
      (use): WordingUse => ({
        use: use.use as Use,
        question: text(use.question),
        explanation: text(use.explanation),
      }),
    ),
  };
}
