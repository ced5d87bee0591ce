import { describe, expect, it } from 'vitest';
import { nearEachOther } from '../../../library/editing/speakers';

describe('passages of one speaker', () => {
  const all = Array.from({ length: 1200 }, (_, number) => number);
  it('are given to another in as few changes as reach that far', () => {
    expect(nearEachOther([5, 3, 7], all)).toEqual([[3, 5, 7]]);
    expect(nearEachOther([0, 499, 500, 1199], all)).toEqual([[0, 499], [500], [1199]]);
    expect(nearEachOther([], all)).toEqual([]);
  });
});
