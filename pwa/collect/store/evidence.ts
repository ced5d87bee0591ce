import { Refusal } from '../domain/codes';
import type { EvidenceFile } from '../domain/consent';
import type { OutboxEntry } from '../domain/outbox';
import { sealedRows, sha256 } from './bytes';
import type { Database } from './database';
import { keepDraftBytes, readDraftBytes } from './drafts';
import { fileEntry } from './entries';
import { toRow } from './rows';
import type { Chunk, Row } from './shapes';
import type { EvidenceRow, Writing } from './schema';

/** The file of one consent with all that keeps and sends it, sealed and ready for a transaction. */
export interface ReadyEvidence {
  row: EvidenceRow;
  chunks: Chunk[];
  entry: Row<'outbox'>;
}

/** Keeps the bytes sealed with their conversation until its consent is confirmed, or given up. Throws `not_saved` after that. */
export async function keepUnconfirmed(
  database: Database,
  keptAs: string,
  file: Pick<EvidenceFile, 'id' | 'kind' | 'type' | 'madeAt'>,
  bytes: ArrayBuffer,
): Promise<EvidenceFile> {
  await keepDraftBytes(database, keptAs, file.id, bytes);
  return { ...file, sha256: await sha256(bytes), size: bytes.byteLength };
}

/** Makes the file of a consent ready to be kept with it. Throws `damaged_on_phone` when it is not what was shown. */
export async function readyEvidence(
  database: Database,
  { file, keptAs }: { file: EvidenceFile; keptAs: string },
  consent: { id: string; storyId: string },
  personId: string,
  position: number,
): Promise<ReadyEvidence> {
  const bytes = await readDraftBytes(database, keptAs, file.id);
  if (bytes === null) throw new Refusal('damaged_on_phone', 'the evidence is gone');
  const owner = { storyId: consent.storyId, personId };
  const entry: OutboxEntry = await fileEntry('evidence', file.id, owner, bytes, position);
  if (entry.sha256 !== file.sha256) throw new Refusal('damaged_on_phone', 'the evidence is not what was shown');
  return {
    row: { ...file, storyId: consent.storyId, consentId: consent.id },
    chunks: await sealedRows(database, file.id, 0, bytes, 0),
    entry: await toRow(database, 'outbox', entry),
  };
}

/** Puts it in place, within the transaction that keeps its consent. */
export async function putEvidence(tx: Writing, { row, chunks, entry }: ReadyEvidence): Promise<void> {
  await tx.objectStore('evidence').put(row);
  for (const chunk of chunks) await tx.objectStore('chunks').put(chunk);
  await tx.objectStore('outbox').put(entry);
}
