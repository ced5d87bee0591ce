import { Refusal } from '../domain/codes';
import type { Database } from './database';
import { PLAIN, type Row, type SealedStore, type Things } from './shapes';

/** Before the transaction that keeps it, since a transaction waits for no cipher. Throws `locked` without a lock. */
export async function toRow<Name extends SealedStore>(
  database: Database,
  name: Name,
  thing: Things[Name],
): Promise<Row<Name>> {
  const { open, secret } = parted(name, thing);
  return { ...open, sealed: await database.vault.seal(place(name, thing.id), secret) } as Row<Name>;
}

/** After the transaction that read it. Throws `locked` or `damaged_on_phone`. */
export async function fromRow<Name extends SealedStore>(
  database: Database,
  name: Name,
  row: Row<Name>,
): Promise<Things[Name]> {
  const { sealed, ...open } = row;
  const secret = await database.vault.open<object>(place(name, (row as unknown as { id: string }).id), sealed);
  return { ...open, ...secret } as unknown as Things[Name];
}

/** Those that can be read now: what is locked, damaged, or not sealed yet is left out. */
export async function readable<Name extends SealedStore>(
  database: Database,
  name: Name,
  rows: readonly Row<Name>[],
): Promise<Things[Name][]> {
  const sealed = rows.filter((row) => row.sealed !== undefined);
  const read = sealed.map((row) => fromRow(database, name, row).catch(orNothing));
  return (await Promise.all(read)).filter((thing): thing is Awaited<Things[Name]> => thing !== null);
}

/** Only what is kept in the open, to put beside what was sealed before. */
export function openPart<Name extends SealedStore>(name: Name, thing: Things[Name]): Omit<Row<Name>, 'sealed'> {
  return parted(name, thing).open as Omit<Row<Name>, 'sealed'>;
}

function parted<Name extends SealedStore>(name: Name, thing: Things[Name]): { open: object; secret: object } {
  const isOpen = ([key]: [string, unknown]): boolean => (PLAIN[name] as readonly string[]).includes(key);
  const fields = Object.entries(thing);
  return {
    open: Object.fromEntries(fields.filter(isOpen)),
    secret: Object.fromEntries(fields.filter((field) => !isOpen(field))),
  };
}

function place(name: SealedStore, id: string): string {
  return `${name}/${id}`;
}

/** Null for what is damaged. Whatever else stood in the way is thrown on. */
export function orDamaged(error: unknown): null {
  if (error instanceof Refusal && error.code === 'damaged_on_phone') return null;
  throw error;
}

function orNothing(error: unknown): null {
  if (error instanceof Refusal) return null;
  throw error;
}
