// Whoever comes from a search hears the words that they looked for.
import { expect, test } from 'vitest';
import { beginAt } from '../../library/listening/beginning';

class Recording {
  readonly played: number[] = [];
  constructor(readonly recording: string) {}
  playFrom(moment: number): void {
    this.played.push(moment);
  }
}

function begun(query: string): number[][] {
  const recordings = [new Recording('a'), new Recording('b')];
  beginAt(new URL(`https://example.org/stories/1${query}`), recordings);
  return recordings.map((one) => one.played);
}

test('the recording that the address names is played from its moment', () => {
  expect(begun('?at=b:1500#said-b-0')).toEqual([[], [1500]]);
});

test('what names nothing, or no moment, plays nothing', () => {
  for (const query of ['', '?at=', '?at=c:1', '?at=a', '?at=a:', '?at=a:-5', '?at=a:1e3', '?at=a:9999999999']) {
    expect(begun(query)).toEqual([[], []]);
  }
});
