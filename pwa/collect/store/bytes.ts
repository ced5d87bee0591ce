import type { Chunk } from '../domain/story';
import type { Database } from './database';

/** Rows stay small, so that one giant chunk after a sleep cannot make a transaction fail. */
export const LARGEST_ROW = 4 * 1024 * 1024;

/** All rows of one part, in order. */
export function rowsOf(partId: string): IDBKeyRange {
  return IDBKeyRange.bound([partId, 0], [partId, Number.MAX_SAFE_INTEGER]);
}

export function splitIntoRows(partId: string, first: number, bytes: ArrayBuffer, untilMs: number): Chunk[] {
  const rows: Chunk[] = [];
  for (let start = 0; start < bytes.byteLength; start += LARGEST_ROW) {
    const piece = bytes.slice(start, start + LARGEST_ROW);
    rows.push({ partId, number: first + rows.length, bytes: piece, size: piece.byteLength, untilMs });
  }
  return rows;
}

/**
 * The bytes of a recording or photo, joined; null when none are here. It ends before the first gap:
 * what follows a missing chunk would decode without an error and be wrong.
 */
export async function joinedBytes(database: Database, partId: string): Promise<ArrayBuffer | null> {
  const rows = await database.read(['chunks'], (tx) => tx.objectStore('chunks').getAll(rowsOf(partId)));
  const gap = rows.findIndex((row, place) => row.number !== place);
  const whole = gap === -1 ? rows : rows.slice(0, gap);
  if (whole.length === 0) return null;
  return new Blob(whole.map((row) => row.bytes)).arrayBuffer();
}

/** Hex SHA-256. */
export async function sha256(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
