import { describe, expect, it } from 'vitest';
import { later } from '../../collect/domain/answer';
import { afterAnswer } from '../../collect/domain/after-answer';
import { nextEntry, nextTryAt, readyAgain, waitAfter } from '../../collect/domain/outbox';
import { entry, receiptFor } from './entries';

describe('what is sent next', () => {
  it('consent goes before its story, the story before quotes, quotes before media', () => {
    let entries = [entry('recording', 's'), entry('quote', 's'), entry('photo', 's'), entry('story', 's'), entry('consent', 's')];
    const order = [];
    for (let next = nextEntry(entries, 0); next; next = nextEntry(entries, 0)) {
      order.push(next.kind);
      const { id } = next;
      entries = entries.map((one) => (one.id === id ? { ...one, state: 'stored' } : one));
    }
    expect(order).toEqual(['consent', 'story', 'quote', 'photo', 'recording']);
  });

  it('a story waits while its consent is not stored', () => {
    expect(nextEntry([entry('consent', 's', { state: 'refused' }), entry('story', 's')], 0)).toBeNull();
  });

  it('a refused quote holds back neither media nor other quotes', () => {
    const entries = [entry('quote', 's', { state: 'refused' }), entry('photo', 's', { position: 2 })];
    expect(nextEntry(entries, 0)?.kind).toBe('photo');
  });

  it('a story that was refused does not hold back another story', () => {
    const entries = [entry('consent', 'a', { state: 'refused' }), entry('story', 'a'), entry('consent', 'b')];
    expect(nextEntry(entries, 0)?.storyId).toBe('b');
  });

  it('nothing is tried before its time', () => {
    const entries = [entry('consent', 's', { nextTryAt: 100 })];
    expect(nextEntry(entries, 99)).toBeNull();
    expect(nextEntry(entries, 100)).not.toBeNull();
  });

  it('the next look is due when the first unblocked entry is', () => {
    const entries = [entry('consent', 's', { nextTryAt: 70 }), entry('story', 's', { nextTryAt: 5 })];
    expect(nextTryAt(entries, 0)).toBe(70);
  });
});

describe('after an answer', () => {
  const sending = entry('photo', 's', { state: 'sending' });

  it('a receipt with the same hash means stored', () => {
    expect(afterAnswer(sending, receiptFor(sending), 0, 0)).toMatchObject({ state: 'stored', sentBytes: 10 });
  });

  it('a receipt with another hash means nothing was stored', () => {
    const next = afterAnswer(sending, receiptFor(sending, 'another'), 0, 0);
    expect(next).toMatchObject({ state: 'waiting', code: 'receipt_mismatch', receivedAt: null });
  });

  it('a receipt for another thing means nothing was stored', () => {
    const other = receiptFor(entry('photo', 's', { position: 7, sha256: sending.sha256 }));
    expect(afterAnswer(sending, other, 0, 0).state).toBe('waiting');
  });

  it('signed out keeps the entry and how far it got (fault 19)', () => {
    const next = afterAnswer({ ...sending, sentBytes: 6 }, { kind: 'signed_out' }, 0, 0);
    expect(next).toMatchObject({ state: 'needs_sign_in', sentBytes: 6, attempts: 0 });
  });

  it('a refusal stays with its code and the words of the server', () => {
    const no = { kind: 'refused' as const, code: 'unsupported_image', message: 'Take the photo again.' };
    expect(afterAnswer(sending, no, 0, 0)).toMatchObject({ state: 'refused', ...{ code: no.code, message: no.message } });
  });

  it('bytes spoilt on the way are sent again, three times', () => {
    const spoilt = { kind: 'refused' as const, code: 'hash_mismatch', message: null };
    let now = afterAnswer(sending, spoilt, 0, 0);
    expect(now.state).toBe('waiting');
    now = afterAnswer(afterAnswer(now, spoilt, 0, 0), spoilt, 0, 0);
    expect(now.state).toBe('refused');
  });

  it('waits grow from seconds to five minutes and are spread (fault 49)', () => {
    expect(waitAfter(0, 1)).toBe(2_000);
    expect(waitAfter(0, 0)).toBe(1_000);
    expect(waitAfter(3, 1)).toBe(16_000);
    expect(waitAfter(50, 1)).toBe(300_000);
  });

  it('trying again by hand forgets the delay, and never reopens what is stored', () => {
    const tired = afterAnswer(sending, later('unreachable', null), 0, 1);
    expect(readyAgain(tired)).toMatchObject({ state: 'waiting', attempts: 0, nextTryAt: 0, code: null });
    const stored = afterAnswer(sending, receiptFor(sending), 0, 0);
    expect(readyAgain(stored)).toBe(stored);
  });
});
