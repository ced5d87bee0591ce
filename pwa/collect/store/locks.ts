/** Locks that every tab of this phone's browser respects, and that end with the tab that holds them. */
export interface TabLocks {
  /** Takes a lock if it is free; returns the way to let it go, or null when another tab has it. */
  take(name: string): Promise<(() => void) | null>;
  /** True while any tab holds a lock whose name starts so. */
  anyHeld(prefix: string): Promise<boolean>;
}

/** One recording at a time on this phone, whichever tab makes it. */
export const RECORDING_LOCK = 'earshot-recording';
export const OUTBOX_LOCK = 'earshot-outbox';

/** One tab at a time goes on with a conversation. */
export function conversationLock(keptAs: string): string {
  return `earshot-unfinished ${keptAs}.`;
}

export function tabLocks(locks: LockManager): TabLocks {
  return {
    take: (name) =>
      new Promise((resolve, reject) => {
        locks
          .request(name, { ifAvailable: true }, (lock) => {
            if (!lock) return resolve(null);
            return new Promise<void>((release) => resolve(() => release()));
          })
          .catch(reject);
      }),
    async anyHeld(prefix) {
      const { held = [] } = await locks.query();
      return held.some((lock) => lock.name?.startsWith(prefix));
    },
  };
}
