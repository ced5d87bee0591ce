import type { EntryKind, OutboxEntry } from '../domain/outbox';
import { isoWithOffset } from '../domain/time';
import { sha256 } from './bytes';

interface Owner {
  storyId: string;
  personId: string;
}

/** A new entry for JSON: `body` is kept and sent exactly so. */
export async function textEntry(
  kind: EntryKind,
  id: string,
  owner: Owner,
  body: string,
  position = 0,
): Promise<OutboxEntry> {
  const bytes = new TextEncoder().encode(body);
  return newEntry(kind, id, owner, { sha256: await sha256(bytes), bytes: bytes.length, body, position });
}

/** A new entry for a file whose bytes are in `chunks`. */
export async function fileEntry(
  kind: EntryKind,
  id: string,
  owner: Owner,
  bytes: ArrayBuffer,
  position: number,
): Promise<OutboxEntry> {
  return newEntry(kind, id, owner, {
    sha256: await sha256(bytes),
    bytes: bytes.byteLength,
    body: null,
    position,
  });
}

export function newEntry(
  kind: EntryKind,
  id: string,
  { storyId, personId }: Owner,
  content: Pick<OutboxEntry, 'sha256' | 'bytes' | 'body' | 'position'>,
): OutboxEntry {
  return {
    id,
    kind,
    storyId,
    personId,
    ...content,
    state: 'waiting',
    attempts: 0,
    nextTryAt: 0,
    code: null,
    message: null,
    sentBytes: 0,
    receivedAt: null,
    notices: [],
    createdAt: isoWithOffset(),
  };
}
