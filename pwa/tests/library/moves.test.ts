import { describe, expect, it } from 'vitest';
import { moveOfKey, moveOfSwipe, slideAfter } from '../../library/stage/moves';

describe('moving through a provocation', () => {
  it('goes on with the keys a clicker sends', () => {
    expect(moveOfKey('PageDown', false)).toBe('next');
    expect(moveOfKey('PageUp', false)).toBe('back');
  });

  it('leaves space and enter to a button that has the focus', () => {
    expect(moveOfKey(' ', true)).toBeNull();
    expect(moveOfKey(' ', false)).toBe('sound');
    expect(moveOfKey('ArrowRight', true)).toBe('next');
  });

  it('takes no notice of other keys', () => {
    expect(moveOfKey('q', false)).toBeNull();
  });

  it('goes on when a finger moves left, and back when it moves right', () => {
    expect(moveOfSwipe(-80, 10)).toBe('next');
    expect(moveOfSwipe(80, -10)).toBe('back');
  });

  it('takes a scroll or a touch for neither', () => {
    expect(moveOfSwipe(-60, 90)).toBeNull();
    expect(moveOfSwipe(5, 2)).toBeNull();
  });

  it('stops at either end', () => {
    expect(slideAfter('back', 0, 4)).toBe(0);
    expect(slideAfter('next', 3, 4)).toBe(3);
    expect(slideAfter('last', 0, 4)).toBe(3);
    expect(slideAfter('sound', 2, 4)).toBe(2);
  });
});
