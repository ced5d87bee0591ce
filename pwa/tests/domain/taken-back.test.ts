import { describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../../collect/domain/outbox';
import { needsSomebody, takenBack, type Phone, type TakenBack, type WaitsFor } from '../../collect/domain/taken-back';
import { entry } from './entries';

const amina = { id: 'person', name: 'Amina', seenAt: 'now' };
const bo = { id: 'somebody else', name: 'Bo', seenAt: 'now' };
const phone: Phone = { people: [bo, amina], person: amina, signInNeeded: false, revoked: false, locked: false };

const damaged = { state: 'refused', code: 'damaged_on_phone' } as const;

/** A story that Amina collected, as the phone shows it. */
const shown = (change: Partial<OutboxEntry>, now: Partial<Phone> = {}): TakenBack =>
  takenBack([entry('withdrawal', 'a', change)], { ...phone, ...now })[0]!;

describe('a story that was taken back waits', () => {
  it.each<[WaitsFor, string, Partial<OutboxEntry>, Partial<Phone>]>([
    ['server', 'for the server alone', {}, {}],
    ['server', 'for it after a try that failed', { code: 'unreachable', attempts: 2 }, {}],
    ['asked_for_another', 'for the server to be asked by a colleague', {}, { person: bo }],
    ['once_more', 'to be told again where the server has ended the story', { code: 'held', attempts: 1 }, {}],
    ['locked', 'for the PIN', {}, { locked: true }],
    ['signed_out', 'for somebody to sign in, since nobody has', {}, { person: null, locked: true }],
    ['signed_out', 'for the same where the session ended', {}, { signInNeeded: true }],
    ['signed_out', 'for the same, known from before', { state: 'needs_sign_in', code: 'signed_out' }, {}],
    ['not_taken', 'for another person where the server refused a colleague', { code: 'not_found' }, { person: bo }],
    ['left', 'for an administrator where it refused who collected it', { code: 'not_found' }, { locked: true }],
    ['refused', 'for help where nobody may send it', { state: 'refused', code: 'invalid' }, { locked: true }],
    ['damaged', 'for an administrator to be told where it cannot be read here', damaged, { revoked: true }],
    ['shut_out', 'for an administrator where the phone is shut out', {}, { revoked: true, person: null }],
    ['shut_out', 'for the same, known from before', { code: 'device_revoked' }, {}],
  ])('%s: %s', (expected, _why, change, now) => {
    expect(shown(change, now).waitsFor).toBe(expected);
  });

  it('for nobody where it goes by itself, and else for somebody', () => {
    expect([shown({}), shown({}, { person: bo }), shown({}, { locked: true })].map(needsSomebody)).toEqual([false, false, false]);
    const alone = [shown({}, { person: null }), shown({}, { revoked: true })];
    const stuck = [...alone, shown({ code: 'not_found' }), shown(damaged)];
    expect(stuck.map(needsSomebody)).toEqual([true, true, true, true]);
  });
});

it('is shown by when it was taken back and who collected it, the oldest first, and by nothing of the story', () => {
  const entries = [entry('withdrawal', 'b', { personId: 'gone' }), entry('story', 'c'), entry('withdrawal', 'a')];
  const found = takenBack(entries, phone);
  expect(found.map(({ storyId, collector }) => [storyId, collector])).toEqual([['a', 'Amina'], ['b', '']]);
  const known = ['at', 'code', 'collector', 'entryId', 'message', 'storyId', 'waitsFor'];
  expect(Object.keys(found[0]!).sort()).toEqual(known);
  expect(found[0]!.at).toBe('2026-11-21T10:00:00.000+00:00');
});
