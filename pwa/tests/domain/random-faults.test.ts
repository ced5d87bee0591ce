import { expect, it } from 'vitest';
import { later, type Answer } from '../../collect/domain/answer';
import { afterAnswer } from '../../collect/domain/after-answer';
import { nextEntry, readyAgain, type EntryKind, type OutboxEntry } from '../../collect/domain/outbox';
import { entry, receiptFor } from './entries';

/** mulberry32: a small generator whose whole state is its seed, so a failure can be run again. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KINDS: EntryKind[] = ['consent', 'story', 'quote', 'photo', 'recording'];

function randomAnswer(of: OutboxEntry, random: () => number): Answer {
  const roll = random();
  if (roll < 0.3) return receiptFor(of);
  if (roll < 0.4) return receiptFor(of, 'the hash of something else');
  if (roll < 0.5) return { kind: 'refused', code: 'invalid', message: null };
  if (roll < 0.6) return { kind: 'signed_out' };
  return later(roll < 0.8 ? 'unreachable' : 'unavailable', null);
}

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

it(`whatever the server answers, nothing counts as stored without its receipt (SEED=${seed})`, () => {
  const random = generator(seed);
  const stories = ['a', 'b', 'c', 'd'];
  let entries = stories.flatMap((story) => KINDS.map((kind) => entry(kind, story)));
  let now = 0;
  for (let step = 0; step < 4_000; step += 1) {
    now += Math.floor(random() * 60_000);
    const next = nextEntry(entries, now);
    if (!next) {
      entries = entries.map((one) => (one.state === 'needs_sign_in' ? readyAgain(one) : one));
      continue;
    }
    const consent = entries.find((one) => one.storyId === next.storyId && one.kind === 'consent')!;
    if (next.kind !== 'consent') expect(consent.state).toBe('stored');
    const answer = randomAnswer(next, random);
    const after = afterAnswer(next, answer, now, random());
    const proven = answer.kind === 'receipt' && answer.receipt.sha256 === next.sha256;
    expect(after.state === 'stored').toBe(proven);
    entries = entries.map((one) => (one.id === next.id ? after : one));
  }
  for (const one of entries) if (one.state === 'stored') expect(one.receivedAt).not.toBeNull();
  expect(entries).toHaveLength(stories.length * KINDS.length);
});

it(`whatever is refused in one story, every other story arrives (SEED=${seed})`, () => {
  const random = generator(seed);
  let entries = ['bad', 'good'].flatMap((story) => KINDS.map((kind) => entry(kind, story)));
  const refusedKind = KINDS[Math.floor(random() * KINDS.length)];
  let now = 0;
  for (let step = 0; step < 2_000; step += 1) {
    now += 300_000;
    const next = nextEntry(entries, now);
    if (!next) continue;
    const refuse = next.storyId === 'bad' && next.kind === refusedKind;
    const fails = random() < 0.4;
    const answer: Answer = refuse
      ? { kind: 'refused', code: 'invalid', message: null }
      : fails ? later('unreachable', null) : receiptFor(next);
    const after = afterAnswer(next, answer, now, random());
    entries = entries.map((one) => (one.id === next.id ? after : one));
  }
  expect(entries.filter((one) => one.storyId === 'good').map((one) => one.state)).toEqual(KINDS.map(() => 'stored'));
});
