import { Refusal } from '../domain/codes';
import type { Database } from './database';
import type { Chunk } from './shapes';

/** Rows stay small, so that one giant chunk after a sleep cannot make a transaction fail. */
export const LARGEST_ROW = 4 * 1024 * 1024;

/** All rows of one part, in order. */
export function rowsOf(partId: string): IDBKeyRange {
  return IDBKeyRange.bound([partId, 0], [partId, Number.MAX_SAFE_INTEGER]);
}

/** Rows to keep, numbered from `first`. It comes before the transaction, since a transaction waits for no cipher. */
export async function sealedRows(
  database: Database,
  partId: string,
  first: number,
  bytes: ArrayBuffer,
  untilMs: number,
): Promise<Chunk[]> {
  const pieces = Array.from({ length: Math.ceil(bytes.byteLength / LARGEST_ROW) }, (_, place) =>
    bytes.slice(place * LARGEST_ROW, (place + 1) * LARGEST_ROW),
  );
  return Promise.all(
    pieces.map(async (piece, place) => {
      const number = first + place;
      const sealed = await database.vault.sealBytes(placeOf(partId, number), piece);
      return { ...sealed, partId, number, size: piece.byteLength, sha256: await sha256(piece), untilMs };
    }),
  );
}

/** The bytes of one row. Throws `locked`, or `damaged_on_phone` when a bit of it is another. */
export async function openRow(database: Database, row: Chunk): Promise<ArrayBuffer> {
  const bytes = await database.vault.openBytes(placeOf(row.partId, row.number), row);
  if ((await sha256(bytes)) !== row.sha256) throw new Refusal('damaged_on_phone');
  return bytes;
}

/**
 * The bytes of a recording or photo, joined; null when none are here. It ends before the first gap:
 * what follows a missing chunk would decode without an error and be wrong. Throws what `openRow` throws.
 */
export async function joinedBytes(database: Database, partId: string): Promise<ArrayBuffer | null> {
  const rows = await database.read(['chunks'], (tx) => tx.objectStore('chunks').getAll(rowsOf(partId)));
  const gap = rows.findIndex((row, place) => row.number !== place);
  const whole = gap === -1 ? rows : rows.slice(0, gap);
  if (whole.length === 0) return null;
  return new Blob(await Promise.all(whole.map((row) => openRow(database, row)))).arrayBuffer();
}

/** Hex SHA-256. */
export async function sha256(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function placeOf(partId: string, number: number): string {
  return `chunks/${partId}/${number}`;
}
