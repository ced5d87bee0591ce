import { Refusal } from '../domain/codes';
import { participantsOf, type Story } from '../domain/story';
import { sha256 } from './bytes';
import type { Database } from './database';
import { fromRow } from './rows';
import type { Row } from './shapes';

/** In the open, since a story can be taken back while the phone is locked. They say nothing of the codes. */
export async function receiptHashesOf(story: Story): Promise<string[]> {
  const codes = participantsOf(story).map(({ receiptCode }) => new TextEncoder().encode(receiptCode));
  return Promise.all(codes.map((code) => sha256(code)));
}

/** The same of a kept story. Nothing where an older app kept it without them, and it cannot be read now. */
export async function keptReceiptHashes(database: Database, row: Row<'stories'>): Promise<string[] | undefined> {
  if (row.receiptHashes) return row.receiptHashes;
  try {
    return await receiptHashesOf(await fromRow(database, 'stories', row));
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
