import { deleteDB, openDB, type IDBPDatabase } from 'idb';
import { Refusal, type Code } from '../domain/codes';
import { writable, type Readable } from '../domain/readable';
import type { Cost } from './argon';
import { DATABASE, VERSION, upgrade, type Reading, type Schema, type StoreName, type Writing } from './schema';
import type { KeyRows } from './shapes';
import { PHONE_COST, Vault } from './vault';

/** What one tab says to the others. */
export type Word = 'locked' | 'destroyed';

/** The phone's database: opened when needed, opened again when the browser lets go of it. */
export class Database {
  private connection: Promise<IDBPDatabase<Schema>> | null = null;
  private readonly troubleNow = writable<Code | null>(null);
  private readonly holders = new Set<string>();
  private wanted = false;
  private readonly listeners = new Set<() => void>();
  private readonly words = new Set<(word: Word) => void>();
  private readonly channel: BroadcastChannel | null;

  readonly keyRows: KeyRows = {
    get: (id) => this.read(['keys'], (tx) => tx.objectStore('keys').get(id)),
    change: (id, change) =>
      this.write(['keys'], async (tx) => {
        const next = change(await tx.objectStore('keys').get(id));
        if (next) await tx.objectStore('keys').put(next);
        return next !== null;
      }),
    changed: () => this.changed(),
  };
  /** What seals and opens the rows that are not kept in the open. */
  readonly vault: Vault;

  constructor(private readonly name: string = DATABASE, cost: Cost = PHONE_COST) {
    this.vault = new Vault(this.keyRows, cost);
    this.channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`${name}-changes`);
    if (this.channel) this.channel.onmessage = ({ data }) => (data === 'changed' ? this.tell() : this.hear(data as Word));
  }

  /** `close_other_tabs` while an old tab keeps an older shape open, `app_unavailable` when it cannot be opened. */
  get trouble(): Readable<Code | null> {
    return this.troubleNow;
  }

  /**
   * While anything holds it, a newer app in another tab must wait for its newer shape: what goes on here would fail.
   * It says `close_other_tabs` for so long.
   */
  hold(by: string, busy: boolean): void {
    if (busy) this.holders.add(by);
    else this.holders.delete(by);
    if (this.wanted) this.letGo();
  }

  /** Calls `listener` when another tab says so: it was locked by hand, or everything was deleted. */
  onWord(listener: (word: Word) => void): void {
    this.words.add(listener);
  }

  say(word: Word): void {
    this.channel?.postMessage(word);
  }

  /** Calls `listener` after something a screen shows was changed, in this tab or another. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  changed(): void {
    this.channel?.postMessage('changed');
    this.tell();
  }

  async read<T>(stores: StoreName[], work: (tx: Reading) => Promise<T>): Promise<T> {
    const attempt = async (): Promise<T> => work((await this.open()).transaction(stores, 'readonly'));
    return attempt().catch((error: unknown) => {
      if (error instanceof Refusal) throw error;
      this.forget();
      return attempt();
    });
  }

  /**
   * Runs `work` in one transaction that is on disk when this resolves. A failed write is tried once
   * more on a fresh connection, so `work` must be safe to run again.
   * Throws `phone_full` when there is no room, `not_saved` when the second try fails too.
   */
  async write<T>(stores: StoreName[], work: (tx: Writing) => Promise<T>): Promise<T> {
    try {
      return await this.attemptWrite(stores, work);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (isFull(error)) throw new Refusal('phone_full', String(error));
    }
    this.forget();
    try {
      return await this.attemptWrite(stores, work);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal(isFull(error) ? 'phone_full' : 'not_saved', String(error));
    }
  }

  /** Deletes everything that is kept here, in every tab. */
  async destroy(): Promise<void> {
    this.vault.lock();
    this.forget();
    await deleteDB(this.name);
    this.say('destroyed');
  }

  close(): void {
    this.forget();
    this.channel?.close();
  }

  private async attemptWrite<T>(stores: StoreName[], work: (tx: Writing) => Promise<T>): Promise<T> {
    const tx = (await this.open()).transaction(stores, 'readwrite', { durability: 'strict' });
    const done = tx.done;
    try {
      const result = await work(tx);
      await done;
      return result;
    } catch (error) {
      done.catch(() => undefined);
      abort(tx);
      throw error;
    }
  }

  private open(): Promise<IDBPDatabase<Schema>> {
    this.connection ??= openDB<Schema>(this.name, VERSION, {
      upgrade,
      blocked: () => this.troubleNow.set('close_other_tabs'),
      blocking: () => {
        this.wanted = true;
        this.letGo();
      },
      terminated: () => this.forget(),
    }).then((db) => {
      this.troubleNow.set(null);
      return db;
    });
    this.connection.catch((error: unknown) => {
      this.connection = null;
      this.troubleNow.set(isOfNewerApp(error) ? 'newer_app_open' : 'app_unavailable');
    });
    return this.connection;
  }

  /** Makes room for a newer shape as soon as nothing here would be cut off. */
  private letGo(): void {
    if (this.holders.size > 0) return;
    this.wanted = false;
    this.forget();
  }

  private forget(): void {
    const old = this.connection;
    this.connection = null;
    void old?.then((db) => db.close()).catch(() => undefined);
  }

  private hear(word: Word): void {
    for (const listener of this.words) listener(word);
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function abort(tx: Writing): void {
  try {
    tx.abort();
  } catch {
    // It had already ended by itself.
  }
}

/** A newer app has given the database a newer shape while this page was open. */
function isOfNewerApp(error: unknown): boolean {
  return error instanceof Error && error.name === 'VersionError';
}

function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}
