import type { OutboxEntry } from '../collect/domain/outbox';
import type { Database } from '../collect/store/database';
import { readable } from '../collect/store/rows';

/** Every entry of the outbox that can be read now. */
export async function allEntries(database: Database): Promise<OutboxEntry[]> {
  const rows = await database.read(['outbox'], (tx) => tx.objectStore('outbox').getAll());
  return readable(database, 'outbox', rows);
}
