import { describe, expect, it } from 'vitest';
import { between, kept, stepped } from '../../library/photo/region';

const FACE = { left: 40, top: 30, width: 20, height: 10 };

describe('a part of a photo', () => {
  it('lies between two corners, wherever each of them is', () => {
    const wanted = { left: 10, top: 20, width: 30, height: 40 };
    for (const [from, to] of [
      [[10, 20], [40, 60]],
      [[40, 60], [10, 20]],
      [[10, 60], [40, 20]],
    ] as [[number, number], [number, number]][])
      expect(between(from, to)).toEqual(wanted);
  });
  it('never leaves the photo, and is never too small to see', () => {
    expect(between([-50, 95], [20, 300])).toEqual({ left: 0, top: 95, width: 20, height: 5 });
    expect(between([100, 100], [100, 100])).toEqual({ left: 99, top: 99, width: 1, height: 1 });
    expect(kept({ left: 90, top: 0, width: 400, height: 0 })).toEqual({ left: 0, top: 0, width: 100, height: 1 });
  });
  it('is in tenths', () => {
    expect(between([1.23, 4.56], [7.89, 20.001])).toEqual({ left: 1.2, top: 4.6, width: 6.7, height: 15.4 });
  });
});

describe('the arrow keys', () => {
  it('move it, and stop at the edge', () => {
    expect(stepped(FACE, 'ArrowRight', false, 2)).toEqual({ ...FACE, left: 42 });
    expect(stepped(FACE, 'ArrowUp', false, 2)).toEqual({ ...FACE, top: 28 });
    expect(stepped({ ...FACE, left: 1 }, 'ArrowLeft', false, 2)).toEqual({ ...FACE, left: 0 });
    expect(stepped({ ...FACE, left: 79.5 }, 'ArrowRight', false, 2)).toEqual({ ...FACE, left: 80 });
  });
  it('change its size with Shift', () => {
    expect(stepped(FACE, 'ArrowRight', true, 2)).toEqual({ ...FACE, width: 22 });
    expect(stepped(FACE, 'ArrowUp', true, 0.5)).toEqual({ ...FACE, height: 9.5 });
    expect(stepped({ ...FACE, height: 1 }, 'ArrowUp', true, 2)).toEqual({ ...FACE, height: 1 });
  });
});
