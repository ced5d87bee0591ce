import type { Database } from '../collect/store/database';
import type { Row, SealedStore } from '../collect/store/shapes';

/** One bit of what is kept becomes another. */
export function flipped(bytes: ArrayBuffer): ArrayBuffer {
  const copy = new Uint8Array(bytes.slice(0));
  copy[0]! ^= 1;
  return copy.buffer;
}

/** Damages what is sealed of one row, and lets the app forget what it had read of it before. */
export async function damage(database: Database, name: SealedStore, id: string, pin: string): Promise<void> {
  await database.write([name], async (tx) => {
    const row = (await tx.objectStore(name).get(id)) as Row<SealedStore>;
    const sealed = { ...row.sealed, bytes: flipped(row.sealed.bytes) };
    await tx.objectStore(name).put({ ...row, sealed } as never);
  });
  await readAnew(database, pin);
}

/** The same for something that is not finished. */
export async function damageDraft(database: Database, name: string, pin: string): Promise<void> {
  await database.write(['drafts'], async (tx) => {
    const { sealed } = (await tx.objectStore('drafts').get(name))!;
    await tx.objectStore('drafts').put({ name, sealed: { ...sealed, bytes: flipped(sealed.bytes) } });
  });
  await readAnew(database, pin);
}

async function readAnew(database: Database, pin: string): Promise<void> {
  if (!database.vault.isOpen) return;
  database.vault.lock();
  await database.vault.unlock(pin);
}
