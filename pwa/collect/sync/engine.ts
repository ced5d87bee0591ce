import type { Code } from '../domain/codes';
import { maySend, needsSignIn, nextTryAt, readyAgain, waitAfter } from '../domain/outbox';
import type { Person } from '../domain/project';
import { writable, type Readable } from '../domain/readable';
import { isFreed, shutOut } from '../domain/taken-back';
import { isoWithOffset } from '../domain/time';
import { letGo } from '../store/letting-go';
import { deviceId } from '../store/feed';
import { OUTBOX_LOCK, type TabLocks } from '../store/locks';
import { changeEntries, standingsToSend, wakeCutOff } from '../store/outbox';
import { keepPerson, keptPerson } from '../store/projects';
import type { Api } from './api';
import { Follower } from './follower';
import { Reporter } from './reporter';
import { Sender, type SenderParts } from './sender';

export interface EngineParts extends Omit<SenderParts, 'onWithdrawn'> {
  api: Api;
  locks: TabLocks;
  /** What this phone is called where its owners look for it. */
  label: string;
  /** Looks after sound that could not be sealed or queued until now. It throws nothing. */
  recover?: () => Promise<void>;
  /** Calls once, later; returns the way to call it off. */
  after: (ms: number, call: () => void) => () => void;
}

const LOOK_EVERY_MS = 60_000;
const OTHER_TAB_MS = 10_000;
const FEED_FRESH_MS = 60_000;

/** Sends what waits whenever our own server answers. One tab at a time does it. */
export class Engine {
  private readonly onlineNow = writable<boolean | null>(null);
  private readonly signInNeededNow = writable(false);
  private readonly revokedNow = writable(false);
  private readonly withdrawnNow = writable(0);
  private round: Promise<void> | null = null;
  private again = false;
  private failures = 0;
  private sentElsewhere = false;
  private followedAt = -Infinity;
  private callOff: (() => void) | null = null;

  private readonly follower: Follower;
  private readonly reporter: Reporter;
  private readonly sender: Sender;

  constructor(private readonly parts: EngineParts) {
    this.follower = new Follower(parts.database, parts.api, parts.now);
    this.reporter = new Reporter(parts.database, parts.api, parts.now, parts.label);
    this.sender = new Sender({ ...parts, onWithdrawn: () => this.withdrawnNow.update((count) => count + 1) });
  }

  /** Null until the first look at our server. */
  get online(): Readable<boolean | null> {
    return this.onlineNow;
  }

  get signInNeeded(): Readable<boolean> {
    return this.signInNeededNow;
  }

  /** True while this tab sends something. */
  get sending(): Readable<boolean> {
    return this.sender.sending;
  }

  /** True once the server has said that an administrator shut this phone out. */
  get revoked(): Readable<boolean> {
    return this.revokedNow;
  }

  /** Stories removed from this phone because they were withdrawn. */
  get withdrawn(): Readable<number> {
    return this.withdrawnNow;
  }

  /** Looks for the server now. Resolves when there is nothing more to do for the moment. */
  wake(): Promise<void> {
    this.again = true;
    this.round ??= this.rounds();
    return this.round;
  }

  private async rounds(): Promise<void> {
    this.callOff?.();
    const wait = await this.untilNobodyWakes();
    this.callOff = this.parts.after(wait, () => void this.wake());
  }

  /**
   * Returns the milliseconds until the next look. Somebody may wake it until the very end, and either finds a round
   * that goes on or begins one: nothing may be awaited between the last look at `again` and letting go of `round`.
   */
  private async untilNobodyWakes(): Promise<number> {
    try {
      for (;;) {
        this.again = false;
        // A database that cannot be read just now is looked at again later, like a server that is not there.
        await this.oneRound().catch(() => (this.failures += 1));
        const wait = await this.nextLook();
        if (!this.again) return wait;
      }
    } finally {
      this.round = null;
    }
  }

  private async oneRound(): Promise<void> {
    const { api, database, locks, now } = this.parts;
    await letGo(database, now());
    await this.parts.recover?.();
    const release = await locks.take(OUTBOX_LOCK);
    this.sentElsewhere = release === null;
    try {
      // First of all: with no signal, too, nothing may stand there as if it were being sent.
      if (release) await wakeCutOff(database);
      if (release && database.vault.isOpen) await this.forgive('locked');
      const there = await api.isThere();
      const returned = there && this.onlineNow.get() === false;
      this.onlineNow.set(there);
      if (!there) return void (this.failures += 1);
      if (!release) return;
      if (returned) await this.forgive('unreachable', 'not_earshot');
      const person = await this.signedIn();
      if (!person) return;
      await this.followed(person);
      await this.send(person);
    } finally {
      release?.();
    }
  }

  /** While locked nothing can be read, so nothing is sent; what is only here is counted and said all the same. */
  private async send(person: Person): Promise<void> {
    const { database } = this.parts;
    const ending = database.vault.isOpen ? await this.sender.drain(person.id) : null;
    if (ending === 'signed_out') this.signInNeededNow.set(true);
    if (ending === 'revoked') this.revokedNow.set(true);
    if (ending === null || ending === 'no_line') await this.reporter.tell();
  }

  /** What failed only for want of a signal, or of the PIN, need not wait out its delay, nor say so any longer. */
  private forgive(...codes: Code[]): Promise<void> {
    return changeEntries(this.parts.database, (entry) =>
      entry.state === 'waiting' && entry.code !== null && codes.includes(entry.code) ? readyAgain(entry) : entry,
    );
  }

  /** Who is signed in, with the outbox marked to match; null when nothing may be sent. */
  private async signedIn(): Promise<Person | null> {
    const { api, database, now } = this.parts;
    const session = await api.session();
    this.failures = session === null ? this.failures + 1 : 0;
    if (session === null) return null;
    this.signInNeededNow.set(session === 'signed_out');
    this.revokedNow.set(session === 'revoked');
    if (session === 'revoked') {
      await changeEntries(database, shutOut);
      return null;
    }
    if (session === 'signed_out') {
      await changeEntries(database, (entry) => needsSignIn(entry, 'signed_out'));
      return null;
    }
    const { person, rescueKey } = session;
    if (rescueKey) await database.vault.trust({ ...rescueKey, forWhom: `${await deviceId(database)} ${person.id}` });
    const isAnother = (await keptPerson(database))?.id !== person.id;
    await keepPerson(database, { ...person, seenAt: isoWithOffset(new Date(now())) });
    await changeEntries(database, (entry) => {
      if (!maySend(person.id, entry)) return needsSignIn(entry, 'other_person');
      return entry.state === 'needs_sign_in' || isFreed(entry, isAnother) ? readyAgain(entry) : entry;
    });
    return person;
  }

  /** Reads the feed where it was not read lately. What it tells of comes first, so that sending knows it. */
  private async followed(person: Person): Promise<void> {
    const { now } = this.parts;
    const age = now() - this.followedAt;
    // A clock that was put back must not make what was read look fresh for ever.
    if (age >= 0 && age < FEED_FRESH_MS) return;
    const ended = await this.follower.follow(person.id);
    if (ended === null) return;
    this.followedAt = now();
    if (ended > 0) this.withdrawnNow.update((count) => count + ended);
  }

  /** Milliseconds until it is worth looking again. */
  private async nextLook(): Promise<number> {
    const { database, now, chance } = this.parts;
    if (this.failures > 0) return Math.min(LOOK_EVERY_MS, waitAfter(this.failures, chance()));
    if (this.sentElsewhere) return OTHER_TAB_MS;
    if (!database.vault.isOpen || this.revokedNow.get()) return LOOK_EVERY_MS;
    const mediaToo = await this.sender.mediaToo().catch(() => true);
    const due = nextTryAt(await standingsToSend(database).catch(() => []), now(), mediaToo);
    return due === null ? LOOK_EVERY_MS : Math.min(LOOK_EVERY_MS, Math.max(1_000, due - now()));
  }
}
