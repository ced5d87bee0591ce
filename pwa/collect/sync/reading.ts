import { isRecord, readReceipt } from '../domain/answer';
import { USES, type Use } from '../domain/consent';
import type { Change, Page } from '../domain/feed';
import type { Person, Prompt, Wording, WordingUse } from '../domain/project';

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

/** Null when the answer is not a page of the feed, so that what is kept is not replaced by nothing. */
export function readPage(body: unknown): Page | null {
  if (!isRecord(body) || !Array.isArray(body.changes) || typeof body.next !== 'number') return null;
  const changes = rows(body.changes).map(readChange).filter((change) => change !== null);
  return { changes, next: body.next, more: body.more === true, reset: body.reset === true };
}

function readChange(row: Json): Change | null {
  const projectId = text(row.project_id);
  const told = isRecord(row[text(row.kind)]) ? (row[text(row.kind)] as Json) : {};
  switch (row.kind) {
    case 'project':
      return {
        kind: 'project',
        projectId,
        name: text(told.name),
        introduction: text(told.introduction),
        isDemo: told.is_demo === true,
        places: Array.isArray(told.places) ? told.places.filter((place) => typeof place === 'string') : [],
      };
    case 'guide':
      return { kind: 'guide', projectId, prompts: rows(told.prompts).map(readPrompt) };
    case 'wording':
      return { kind: 'wording', projectId, wording: told.id ? readWording(told) : null };
    case 'membership':
      return { kind: 'membership', projectId, collects: told.collects === true };
    case 'tombstone':
      return { kind: 'tombstone', storyId: text(row.id) };
    case 'receipt': {
      const receipt = readReceipt(told);
      return receipt && { kind: 'receipt', receipt };
    }
    default:
      return null;
  }
}

function readPrompt(row: Json): Prompt {
  return { id: text(row.id), text: text(row.text) };
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
