import type { EntryKind, OutboxEntry } from '../domain/outbox';
import type { Database } from './database';
import { fromRow } from './rows';

/** What is told of a file beside its bytes, all of it text, as the server reads it. */
export type FileFacts = Record<string, string>;

/** One function for each kind of file. Something new to send as a file is one more line here. */
const FACTS: Partial<Record<EntryKind, (database: Database, entry: OutboxEntry) => Promise<FileFacts>>> = {
  photo: photoFacts,
  segment: segmentFacts,
  recording: recordingFacts,
  evidence: evidenceFacts,
};

/** Throws `locked` or `damaged_on_phone`. */
export async function fileFacts(database: Database, entry: OutboxEntry): Promise<FileFacts> {
  const shared = { id: entry.id, kind: entry.kind, story_id: entry.storyId, sha256: entry.sha256 };
  return { ...shared, ...(await FACTS[entry.kind]?.(database, entry)) };
}

async function photoFacts(database: Database, { id, createdAt, position }: OutboxEntry): Promise<FileFacts> {
  const row = await database.read(['photos'], (tx) => tx.objectStore('photos').get(id));
  if (!row) return { type: 'image/jpeg', started_at: createdAt, description: '', position: String(position) };
  const { type, takenAt, description, people, peopleNote } = await fromRow(database, 'photos', row);
  return {
    type,
    started_at: takenAt,
    description,
    position: String(position),
    ...(people && { people, people_note: peopleNote ?? '' }),
  };
}

async function segmentFacts(database: Database, { id }: OutboxEntry): Promise<FileFacts> {
  const row = await database.read(['segments'], (tx) => tx.objectStore('segments').get(id));
  if (!row) return {};
  const { recordingId, number, type, startedAt, durationMs } = row;
  const times = { started_at: startedAt, duration_ms: String(durationMs) };
  return { recording_id: recordingId, number: String(number), type, ...times };
}

/** A recording that an earlier app kept as one whole file. */
async function recordingFacts(database: Database, { id, createdAt, position }: OutboxEntry): Promise<FileFacts> {
  const row = await database.read(['segments'], (tx) => tx.objectStore('segments').get(id));
  const { type = 'audio/webm', startedAt = createdAt, durationMs = 0 } = row ?? {};
  return { type, started_at: startedAt, duration_ms: String(durationMs), position: String(position) };
}

async function evidenceFacts(database: Database, { id }: OutboxEntry): Promise<FileFacts> {
  const row = await database.read(['evidence'], (tx) => tx.objectStore('evidence').get(id));
  if (!row) return {};
  return { consent_id: row.consentId, evidence_kind: row.kind, type: row.type, started_at: row.madeAt };
}
