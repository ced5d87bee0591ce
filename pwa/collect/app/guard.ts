import type { Lock, LockView } from '../app-core';
import { Refusal } from '../domain/codes';
import { hasPassed, momentOf, type Clocks, type Moment } from '../domain/moment';
import { writable, type Readable } from '../domain/readable';
import type { Database } from '../store/database';
import { deviceId } from '../store/feed';
import { sealOldRows } from '../store/old-rows';
import type { Api } from '../sync/api';

export interface GuardParts extends Clocks {
  database: Database;
  api: Pick<Api, 'unlock'>;
  every: (ms: number, call: () => void) => () => void;
  /** Calls whenever somebody touches the app or comes back to it. */
  onTouch: (call: () => void) => void;
  /** A recording goes on here, or somebody is heard: no time to lock. Sending never is: it goes on after unlocking. */
  isBusy: () => boolean;
  /** What was closed can be read now. */
  onOpened: () => void;
}

const LOCK_AFTER_MS = 5 * 60_000;
const LOOK_EVERY_MS = 10_000;

/** The phone's own lock: opened with a PIN, closed by hand or when nobody touched the app for a while. */
export class Guard implements Lock {
  private readonly shown = writable<LockView>({ state: null, waitMs: 0, opening: false, closings: 0 });
  private touchedAt: Moment;

  constructor(private readonly parts: GuardParts) {
    const { database, every, onTouch, isBusy } = parts;
    this.touchedAt = momentOf(parts);
    onTouch(() => {
      // Somebody who comes back after a long time finds it locked, even where the phone had slept through it.
      this.lockWhenIdle();
      this.stayOpen();
    });
    every(LOOK_EVERY_MS, () => this.lockWhenIdle());
    // Locked by hand means everywhere, but never under a recording: that tab locks when it has been idle.
    database.onWord((word) => word === 'locked' && !isBusy() && database.vault.lock());
    database.vault.state.subscribe((state) => {
      const { closings } = this.shown.get();
      this.show({ state, closings: closings + (state === 'locked' ? 1 : 0) });
    });
  }

  get view(): Readable<LockView> {
    return this.shown;
  }

  /** Finds out how the lock stands. */
  async look(): Promise<void> {
    const { vault } = this.parts.database;
    await vault.look();
    this.show({ waitMs: await vault.wait() });
  }

  setUp(pin: string): Promise<void> {
    return this.opening(() => this.parts.database.vault.setUp(pin));
  }

  unlock(pin: string): Promise<void> {
    return this.opening(() => this.parts.database.vault.unlock(pin));
  }

  change(pin: string, next: string): Promise<void> {
    return this.opening(() => this.parts.database.vault.change(pin, next));
  }

  openAgain(password: string, next: string): Promise<void> {
    return this.opening(async () => {
      const { database, api } = this.parts;
      const rescue = await database.vault.rescue();
      if (!rescue) throw new Refusal('no_rescue');
      const secret = await api.unlock(await deviceId(database), rescue.sealed, password);
      await database.vault.openAgain(secret, next);
    });
  }

  lock(): void {
    this.parts.database.say('locked');
    this.parts.database.vault.lock();
  }

  /** Call while it is busy: what its clocks do meanwhile locks nothing afterwards. */
  stayOpen(): void {
    this.touchedAt = momentOf(this.parts);
  }

  private async opening(open: () => Promise<void>): Promise<void> {
    this.show({ opening: true });
    try {
      await open();
      this.stayOpen();
      // What cannot be sealed now, as on a full phone, is tried again with the next opening.
      await sealOldRows(this.parts.database).catch(() => undefined);
      this.parts.onOpened();
    } finally {
      this.show({ opening: false, waitMs: await this.parts.database.vault.wait() });
    }
  }

  private lockWhenIdle(): void {
    if (this.parts.isBusy()) this.stayOpen();
    else if (hasPassed(LOCK_AFTER_MS, this.touchedAt, this.parts)) this.parts.database.vault.lock();
  }

  private show(change: Partial<LockView>): void {
    this.shown.set({ ...this.shown.get(), ...change });
  }
}
