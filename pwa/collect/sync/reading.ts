import { isRecord, readReceipt } from '../domain/answer';
import { USES, type Use } from '../domain/consent';
import { fromBase64 } from '../domain/binary-text';
import type { Change, Page } from '../domain/feed';
import type { Person, Prompt, Wording, WordingUse } from '../domain/project';

export interface Session {
  person: Person;
  csrfToken: string;
  /** To whom a copy of the phone's key and files are sealed; null from older servers. */
  rescueKey: { keyId: string; point: Uint8Array<ArrayBuffer> } | null;
}

/** Bytes of an uncompressed point of P-256. */
const POINT_BYTES = 65;

type Json = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const rows = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const named = (value: unknown): { id: string; name: string }[] =>
  rows(value).map(({ id, name }) => ({ id: text(id), name: text(name) }));

export function readSession(body: unknown): Session | null {
  if (!isRecord(body) || !isRecord(body.person) || typeof body.csrf_token !== 'string') return null;
  const { id, name } = body.person;
  if (typeof id !== 'string') return null;
  return { person: { id, name: text(name) }, csrfToken: body.csrf_token, rescueKey: readRescueKey(body.rescue_key) };
}

function readRescueKey(value: unknown): Session['rescueKey'] {
  if (!isRecord(value) || typeof value.id !== 'string') return null;
  try {
    const point = fromBase64(text(value.public_key));
    return point.length === POINT_BYTES ? { keyId: value.id, point } : null;
  } catch {
    return null;
  }
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
        ...(typeof told.keep_hours === 'number' && { keepHours: told.keep_hours }),
        ...(typeof told.photo_pixels === 'number' && { photoPixels: told.photo_pixels }),
        ...(Array.isArray(told.groups) && { groups: named(told.groups) }),
        ...(Array.isArray(told.may_be_named) && { mayBeNamed: named(told.may_be_named) }),
      };
    case 'guide':
      return { kind: 'guide', projectId, prompts: rows(told.prompts).map(readPrompt) };
    case 'codebook':
      return { kind: 'codebook', projectId, themes: named(told.themes) };
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
  const texts = Object.entries(isRecord(row.texts) ? row.texts : {}).map(([tag, written]) => [tag, text(written)]);
  return { id: text(row.id), text: text(row.text), texts: Object.fromEntries(texts) };
}

function readWording(row: Json): Wording {
  return {
    id: text(row.id),
    version: Number(row.version ?? 0),
    months: typeof row.months === 'number' ? row.months : null,
    ...readWords(row),
    texts: rows(row.texts).map((one) => ({
      language: text(one.language),
      reading: one.reading === 'easy' ? 'easy' : 'full',
      ...readWords(one),
    })),
  };
}

function readWords(row: Json): Pick<Wording, 'title' | 'introduction' | 'uses'> {
  const asked = rows(row.uses).filter((use) => USES.includes(use.use as Use));
  return {
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
