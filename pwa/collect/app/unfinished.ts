import type { Unfinished } from '../app-core';
import { Refusal } from '../domain/codes';
import type { Database } from '../store/database';
import { readDraft, unfinishedNames } from '../store/drafts';
import { conversationLock, type TabLocks } from '../store/locks';

/** Which of the conversations that are not finished this tab goes on with. No other tab writes to them meanwhile. */
export class UnfinishedDesk {
  private readonly held = new Map<string, Promise<(() => void) | null>>();
  private readonly releasing = new Map<string, Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly locks: TabLocks,
  ) {}

  async all<Draft>(): Promise<Unfinished<Draft>> {
    const found: Unfinished<Draft> = { waiting: [], elsewhere: 0, sealed: 0 };
    for (const keptAs of await unfinishedNames(this.database)) {
      if (await this.isElsewhere(keptAs)) found.elsewhere += 1;
      else await this.read(keptAs, found);
    }
    return found;
  }

  /** False when another tab has it. */
  async hold(keptAs: string): Promise<boolean> {
    const taken = this.held.get(keptAs) ?? this.take(keptAs);
    this.held.set(keptAs, taken);
    const isHeld = (await taken.catch(() => null)) !== null;
    if (!isHeld && this.held.get(keptAs) === taken) this.held.delete(keptAs);
    return isHeld;
  }

  /** Lets another tab have it, once `written` has come to its end. */
  letGo(keptAs: string, written: Promise<unknown>): void {
    const taken = this.held.get(keptAs);
    this.held.delete(keptAs);
    if (!taken) return;
    const released = Promise.allSettled([taken, written]).then(([lock]) => {
      if (lock.status === 'fulfilled') lock.value?.();
    });
    this.releasing.set(keptAs, released);
  }

  private async take(keptAs: string): Promise<(() => void) | null> {
    await this.releasing.get(keptAs);
    return this.locks.take(conversationLock(keptAs));
  }

  private async isElsewhere(keptAs: string): Promise<boolean> {
    return !this.held.has(keptAs) && (await this.locks.anyHeld(conversationLock(keptAs)));
  }

  private async read<Draft>(keptAs: string, found: Unfinished<Draft>): Promise<void> {
    try {
      const draft = await readDraft<Draft>(this.database, keptAs);
      if (draft) found.waiting.push({ ...draft, keptAs });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // One that is damaged stays where it is, and is no conversation to go on with.
      if (error.code === 'locked') found.sealed += 1;
    }
  }
}
