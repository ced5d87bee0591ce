import { describe, expect, it } from 'vitest';
import { afterAnswer, parked } from '../../collect/domain/after-answer';
import { later, type Answer } from '../../collect/domain/answer';
import { ENTRY_KINDS, isMedia, mustFollow } from '../../collect/domain/entry-kinds';
import { isDeletable, keptFromNow } from '../../collect/domain/keeping';
import { maySend, needsSignIn, nextEntry, readyAgain, type OutboxEntry } from '../../collect/domain/outbox';
import { generator, seed } from '../random';
import { entry, receiptFor } from './entries';
import { SmallServer } from './small-server';

const PEOPLE = ['other', 'person'];
/** Of these all but one are the first person's. */
const STORIES = ['a', 'b', 'kept', 'theirs'];
const PARTS = ENTRY_KINDS.filter((kind) => kind !== 'withdrawal');
const HOUR = 60 * 60_000;

/** A phone and a server that chance treats badly. Nothing here but the pure functions decides what happens. */
class World {
  readonly entries = new Map<string, OutboxEntry>();
  /** Ids of files whose bytes were let go. */
  readonly gone = new Set<string>();
  readonly takenBack = new Set<string>();
  readonly server: SmallServer;
  now = 1_000 * HOUR;
  /** Who was signed in when the phone looked last. */
  private person: string | null = 'person';
  /** Answers that are still on their way, or come twice. */
  private late: { id: string; answer: Answer }[] = [];

  /** The server refuses one thing for ever, and the row of another is damaged for good. */
  constructor(private readonly random: () => number, stories = STORIES, refused = '', private readonly damaged = '') {
    this.server = new SmallServer(new Set([refused]));
    for (const story of stories)
      for (const kind of PARTS) this.put(entry(kind, story, { personId: story === 'theirs' ? 'other' : 'person' }));
  }

  step(): void {
    const roll = this.random();
    this.now += Math.floor(this.random() * 90_000);
    if (roll < 0.02) this.now += (this.random() - 0.5) * 4_000 * HOUR;
    else if (roll < 0.04) this.server.person = this.server.person ? null : PEOPLE[Math.floor(this.random() * 2)]!;
    else if (roll < 0.045) this.signOut();
    else if (roll < 0.05) this.server.revoked = !this.server.revoked;
    else if (roll < 0.06) this.restart();
    else if (roll < 0.07) this.duplicate();
    else if (roll < 0.075) this.takeBackOne();
    else if (roll < 0.1) this.letGo();
    else this.send();
  }

  /** The line is good again, and everybody signs in, one after the other. */
  mend(): void {
    this.server.revoked = false;
    for (const person of PEOPLE) {
      this.server.person = person;
      for (let quiet = 0; quiet < 300; ) {
        this.now += 5 * 60_000;
        this.signIn();
        quiet = this.sendWith(0.99) ? 0 : quiet + 1;
      }
    }
  }

  private send(): void {
    if (this.server.person) this.signIn();
    this.sendWith(this.random());
  }

  private sendWith(luck: number): boolean {
    const mine = [...this.entries.values()].filter((one) => this.person !== null && maySend(this.person, one));
    const next = nextEntry(mine, this.now, this.random() < 0.8);
    if (!next) return false;
    this.orderIsKept(next);
    if (next.id === this.damaged) return this.put(parked(next, 'damaged_on_phone'));
    if (luck < 0.15) return this.settle(next, later('unreachable', null));
    const answer = this.server.take(next);
    if (luck < 0.3) {
      this.late.push({ id: next.id, answer });
      return this.settle(next, later('unreachable', null));
    }
    if (luck < 0.33) return this.settle(next, later('not_earshot', null));
    if (luck < 0.36) return this.settle(next, receiptFor(next, 'the hash of something else'));
    if (luck < 0.39) return this.settle(next, receiptFor({ ...next, id: 'another thing' }));
    return this.settle(next, answer);
  }

  private settle(before: OutboxEntry, answer: Answer): boolean {
    const after = afterAnswer(before, answer, this.now, this.random());
    if (after.state === 'stored')
      expect(answer).toMatchObject({ kind: 'receipt', receipt: { id: before.id, sha256: before.sha256 } });
    if (after.state === 'withdrawn') this.erase(before.storyId);
    else if (after.state === 'stored' && after.kind === 'withdrawal') this.entries.delete(after.id);
    else this.put(after);
    return true;
  }

  /** By hand: the phone forgets who it was, and sends nothing before somebody signs in. */
  private signOut(): void {
    this.server.person = this.person = null;
    for (const one of this.entries.values()) this.put(needsSignIn(one, 'signed_out'));
  }

  /** An answer that was thought lost comes after all, as by the feed: only a receipt for the same bytes counts. */
  private duplicate(): void {
    const found = this.late[Math.floor(this.random() * this.late.length)];
    const now = found && this.entries.get(found.id);
    if (!now || found.answer.kind !== 'receipt' || now.state === 'stored') return;
    this.settle(now, found.answer);
  }

  private restart(): void {
    for (const one of this.entries.values()) if (this.random() < 0.3 && one.state === 'waiting') this.put(readyAgain(one));
  }

  private signIn(): void {
    this.person = this.server.person;
    for (const one of this.entries.values())
      if (this.person === null || !maySend(this.person, one)) this.put(needsSignIn(one, 'other_person'));
      else if (one.state === 'needs_sign_in') this.put(readyAgain(one));
  }

  private takeBackOne(): void {
    const stories = [...new Set([...this.entries.values()].map(({ storyId }) => storyId))].filter((id) => id !== 'kept');
    const story = stories[Math.floor(this.random() * stories.length)];
    if (!story || this.takenBack.has(story)) return;
    this.takenBack.add(story);
    this.erase(story);
    this.put(entry('withdrawal', story, { personId: story === 'theirs' ? 'other' : 'person' }));
  }

  private letGo(): void {
    for (const one of this.entries.values()) {
      const kept = keptFromNow(one, this.now);
      if (!isDeletable(kept, 24, this.now)) this.put(kept);
      else {
        expect(this.server.held.get(one.id)).toBe(one.sha256);
        this.gone.add(one.id);
        this.put({ ...kept, keptSince: null });
      }
    }
  }

  private orderIsKept(next: OutboxEntry): void {
    const before = [...this.entries.values()].filter(({ storyId }) => storyId === next.storyId);
    for (const one of before) if (mustFollow(next.kind).includes(one.kind)) expect(one.state).toBe('stored');
  }

  private erase(storyId: string): void {
    for (const one of [...this.entries.values()]) if (one.storyId === storyId) this.entries.delete(one.id);
  }

  private put(one: OutboxEntry): true {
    this.entries.set(one.id, one);
    return true;
  }
}

describe(`whatever happens on the way (SEED=${seed})`, () => {
  const runs = Array.from({ length: 40 }, (_, run) => generator(seed + run));

  it('nothing leaves the phone without a receipt for the same bytes, unless it was taken back', () => {
    for (const random of runs) {
      const world = new World(random);
      for (let step = 0; step < 400; step += 1) world.step();
      for (const id of world.gone) expect(world.server.held.has(id)).toBe(true);
      expect(world.server.misplaced).toEqual([]);
      for (const story of STORIES.filter((one) => !world.takenBack.has(one)))
        expect([...world.entries.values()].filter(({ storyId }) => storyId === story)).toHaveLength(PARTS.length);
    }
  });

  it('everything arrives in the end, once, and the server hears of every story that was taken back', () => {
    for (const random of runs) {
      const world = new World(random);
      for (let step = 0; step < 200; step += 1) world.step();
      world.mend();
      for (const one of world.entries.values()) expect([one.id, one.state]).toEqual([one.id, 'stored']);
      for (const story of world.takenBack) expect(world.server.ended.has(story)).toBe(true);
      for (const one of world.entries.values()) expect(world.server.held.get(one.id)).toBe(one.sha256);
    }
  });

  it.each(['is refused', 'is damaged for good'])('an item that %s holds back nothing but what cannot be taken without it', (what) => {
    for (const random of runs) {
      const bad = PARTS[Math.floor(random() * PARTS.length)]!;
      const stuck = entry(bad, 'kept').id;
      const world = new World(random, STORIES, ...(what === 'is refused' ? [stuck] : ['', stuck]));
      for (let step = 0; step < 200; step += 1) world.step();
      world.mend();
      for (const one of world.entries.values()) {
        const needsIt = one.storyId === 'kept' && (mustFollow(one.kind).includes(bad) || (bad === 'consent' && one.kind !== bad));
        const meant = one.id === stuck ? 'refused' : needsIt ? 'waiting' : 'stored';
        expect([one.id, one.state]).toEqual([one.id, meant]);
      }
    }
  });

  it('sending twice changes nothing', () => {
    const random = generator(seed);
    const world = new World(random, ['a']);
    world.mend();
    const held = new Map(world.server.held);
    for (const one of [...world.entries.values()].filter(({ kind }) => !isMedia(kind))) {
      const again = world.server.take({ ...one, state: 'waiting' });
      expect(afterAnswer({ ...one, state: 'waiting' }, again, world.now, 0).state).toBe('stored');
    }
    expect(world.server.held).toEqual(held);
    expect(world.server.repeats).toBeGreaterThan(0);
  });
});
