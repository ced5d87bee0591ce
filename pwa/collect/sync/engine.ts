import type { Answer } from '../domain/answer';
import {
  afterAnswer, nextEntry, nextTryAt, readyAgain, waitAfter, type EntryStanding, type OutboxEntry,
} from '../domain/outbox';
import type { Person } from '../domain/project';
import { writable, type Readable } from '../domain/readable';
import { isoWithOffset } from '../domain/time';
import type { Database } from '../store/database';
import { OUTBOX_LOCK, type TabLocks } from '../store/locks';
import {
  allEntries, allStandings, changeEntries, changeEntry, eraseStory, keepReceipt, keepStanding, sendAgain, wakeCutOff,
} from '../store/outbox';
import { keepPerson } from '../store/projects';
import type { Api } from './api';
import { Follower } from './follower';
import { Reporter } from './reporter';
import type { Transport } from './transport';

export interface EngineParts {
  database: Database;
  api: Api;
  transport: Pick<Transport, 'send'>;
  locks: TabLocks;
  /** What this phone is called where its owners look for it. */
  label: string;
  /** Unix milliseconds. */
  now: () => number;
  /** 0 to 1. */
  chance: () => number;
  /** Calls once, later; returns the way to call it off. */
  after: (ms: number, call: () => void) => () => void;
}

const LOOK_EVERY_MS = 60_000;
const OTHER_TAB_MS = 10_000;
const FEED_FRESH_MS = 60_000;
/** After these the line itself is in doubt, so nothing more is tried in this round. */
const ENDS_ROUND = new Set(['unreachable', 'not_earshot', 'too_many_attempts']);

/** Sends what waits whenever our own server answers. One tab at a time does it. */
export class Engine {
  private readonly onlineNow = writable<boolean | null>(null);
  private readonly signInNeededNow = writable(false);
  private readonly withdrawnNow = writable(0);
  private round: Promise<void> | null = null;
  private again = false;
  private failures = 0;
  private sentElsewhere = false;
  private followedAt = -Infinity;
  private callOff: (() => void) | null = null;

  private readonly follower: Follower;
  private readonly reporter: Reporter;

  constructor(private readonly parts: EngineParts) {
    this.follower = new Follower(parts.database, parts.api);
    this.reporter = new Reporter(parts.database, parts.api, parts.now, parts.label);
  }

  /** Null until the first look at our server. */
  get online(): Readable<boolean | null> {
    return this.onlineNow;
  }

  get signInNeeded(): Readable<boolean> {
    return this.signInNeededNow;
  }

  /** Stories removed from this phone because they were withdrawn. */
  get withdrawn(): Readable<number> {
    return this.withdrawnNow;
  }

  /** Looks for the server now. Resolves when there is nothing more to do for the moment. */
  wake(): Promise<void> {
    this.again = true;
    this.round ??= this.rounds().finally(() => (this.round = null));
    return this.round;
  }

  private async rounds(): Promise<void> {
    this.callOff?.();
    while (this.again) {
      this.again = false;
      // A database that cannot be read just now is looked at again later, like a server that is not there.
      await this.oneRound().catch(() => (this.failures += 1));
    }
    this.callOff = this.parts.after(await this.nextLook(), () => void this.wake());
  }

  private async oneRound(): Promise<void> {
    const there = await this.parts.api.isThere();
    const returned = there && this.onlineNow.get() === false;
    this.onlineNow.set(there);
    if (!there) return void (this.failures += 1);
    const release = await this.parts.locks.take(OUTBOX_LOCK);
    this.sentElsewhere = release === null;
    if (!release) return;
    try {
      await wakeCutOff(this.parts.database);
      if (returned) await this.forgiveTheLine();
      const person = await this.signedIn();
      if (!person) return;
      await this.followed(person);
      await this.drain(person);
      await this.reporter.tell(await allStandings(this.parts.database));
    } finally {
      release();
    }
  }

  /** What failed only for want of a signal need not wait out its delay. */
  private forgiveTheLine(): Promise<void> {
    const { database } = this.parts;
    return changeEntries(database, (entry) =>
      entry.state === 'waiting' && (entry.code === 'unreachable' || entry.code === 'not_earshot')
        ? readyAgain(entry)
        : entry,
    );
  }

  /** Who is signed in, with the outbox marked to match; null when nothing may be sent. */
  private async signedIn(): Promise<Person | null> {
    const { api, database, now } = this.parts;
    const session = await api.session();
    this.failures = session === null ? this.failures + 1 : 0;
    if (session === null) return null;
    this.signInNeededNow.set(session === 'signed_out');
    if (session === 'signed_out') {
      await changeEntries(database, (entry) => needsSignIn(entry, 'signed_out'));
      return null;
    }
    const { person } = session;
    await keepPerson(database, { ...person, seenAt: isoWithOffset(new Date(now())) });
    await changeEntries(database, (entry) => {
      if (entry.personId !== person.id) return needsSignIn(entry, 'other_person');
      return entry.state === 'needs_sign_in' ? readyAgain(entry) : entry;
    });
    return person;
  }

  private async drain(person: Person): Promise<void> {
    const { database, now } = this.parts;
    for (;;) {
      const mine = (await allEntries(database)).filter((entry) => entry.personId === person.id);
      const next = nextEntry(mine, now());
      if (!next) return;
      const answer = await this.sendOne(next);
      if (answer?.kind === 'signed_out') return this.signInNeededNow.set(true);
      if (answer?.kind === 'later' && ENDS_ROUND.has(answer.code)) return;
    }
  }

  /** Reads the feed where it was not read lately. What it tells of comes first, so that sending knows it. */
  private async followed(person: Person): Promise<void> {
    const { now } = this.parts;
    if (now() - this.followedAt < FEED_FRESH_MS) return;
    const ended = await this.follower.follow(person.id);
    if (ended === null) return;
    this.followedAt = now();
    if (ended > 0) this.withdrawnNow.update((count) => count + ended);
  }

  private async sendOne(entry: OutboxEntry): Promise<Answer | null> {
    const { database, transport, now, chance } = this.parts;
    let sending = await changeEntry(database, entry.id, (found) => ({ ...found, state: 'sending' }));
    if (!sending) return null;
    const answer = await transport.send(sending, (sentBytes) => {
      sending = { ...sending!, sentBytes };
      void this.noteProgress(entry.id, sentBytes).catch(() => undefined);
    });
    const next = afterAnswer(sending, answer, now(), chance());
    if (next.state === 'stored') await keepReceipt(database, next);
    else if (next.state === 'withdrawn') await this.forgetStory(next.storyId);
    else await keepStanding(database, next);
    // It waits there for words that this phone sent before: a server that was restored may have lost them.
    if (next.state === 'waiting' && next.code === 'held') await sendAgain(database, entry.storyId);
    return answer;
  }

  private noteProgress(id: string, sentBytes: number): Promise<unknown> {
    return changeEntry(this.parts.database, id, (found) =>
      found.state === 'sending' ? { ...found, sentBytes } : found,
    );
  }

  private async forgetStory(storyId: string): Promise<void> {
    await eraseStory(this.parts.database, storyId);
    this.withdrawnNow.update((count) => count + 1);
  }

  /** Milliseconds until it is worth looking again. */
  private async nextLook(): Promise<number> {
    const { database, now, chance } = this.parts;
    if (this.failures > 0) return Math.min(LOOK_EVERY_MS, waitAfter(this.failures, chance()));
    if (this.sentElsewhere) return OTHER_TAB_MS;
    const due = nextTryAt(await allStandings(database).catch(() => []));
    return due === null ? LOOK_EVERY_MS : Math.min(LOOK_EVERY_MS, Math.max(1_000, due - now()));
  }
}

function needsSignIn<Entry extends EntryStanding>(entry: Entry, code: 'signed_out' | 'other_person'): Entry {
  const already = entry.state === 'needs_sign_in' && entry.code === code;
  if (already || entry.state === 'stored' || entry.state === 'refused' || entry.state === 'withdrawn') return entry;
  return { ...entry, state: 'needs_sign_in', code, message: null };
}
