import { describe, expect, it } from 'vitest';
import { storyProblem, storyState, summary } from '../../collect/domain/status';
import { entry } from './entries';

describe('the line that is always true', () => {
  it('says everything is sent when every entry has its receipt', () => {
    expect(summary([entry('consent', 'a', { state: 'stored' })]).everythingSent).toBe(true);
  });

  it('counts stories, not entries', () => {
    const entries = [entry('consent', 'a'), entry('story', 'a'), entry('photo', 'b', { state: 'refused' })];
    expect(summary(entries)).toMatchObject({ unsentStories: 2, unsentEntries: 3, refused: 1, everythingSent: false });
  });

  it('a recording still being made is only on this phone', () => {
    expect(summary([entry('story', 'a', { state: 'stored' })], ['a'])).toMatchObject({ unsentStories: 1 });
  });

  it('counts the bytes still to go', () => {
    expect(summary([entry('photo', 'a', { bytes: 100, sentBytes: 30 })]).bytesLeft).toBe(70);
  });
});

describe('the state of a story', () => {
  it('shows a refusal before everything else', () => {
    const entries = [entry('quote', 'a', { state: 'refused', code: 'invalid' }), entry('photo', 'a', { state: 'sending' })];
    expect(storyState(entries, false)).toBe('needs_attention');
    expect(storyProblem(entries)).toMatchObject({ code: 'invalid', entryId: 'a-quote-0' });
  });

  it('is stored only when nothing waits and nothing is being recorded', () => {
    const entries = [entry('story', 'a', { state: 'stored' })];
    expect(storyState(entries, false)).toBe('stored');
    expect(storyState(entries, true)).toBe('only_here');
  });
});

describe('a story that was taken back', () => {
  it('is not said to be on this phone, and nothing is said to be sent before the server has heard', () => {
    const entries = [entry('withdrawal', 'a'), entry('story', 'b', { state: 'stored' })];
    expect(summary(entries)).toMatchObject({ unsentStories: 0, takenBack: 1, withdrawals: [{ storyId: 'a' }], everythingSent: false });
  });
});

it('counts what is kept though it is sent, and what may have to wait for Wi-Fi', () => {
  const entries = [
    entry('photo', 'a', { state: 'stored', keptSince: 1, bytes: 70 }),
    entry('photo', 'a', { state: 'stored', keptSince: null, bytes: 70, position: 1 }),
    entry('segment', 'a', { bytes: 50, sentBytes: 20 }),
    entry('segment', 'a', { bytes: 9, anyLine: true, position: 1 }),
    entry('quote', 'a'),
  ];
  expect(summary(entries)).toMatchObject({ keptBytes: 70, mediaBytes: 30 });
});
