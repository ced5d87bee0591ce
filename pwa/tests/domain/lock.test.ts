import { describe, expect, it } from 'vitest';
import { isStrongEnough, waitAfterWrong } from '../../collect/domain/lock';

describe('a wrong PIN', () => {
  it('costs nothing three times, then twice as long each time, and an hour at most (fault 33)', () => {
    expect([1, 3, 4, 5, 6, 10, 20, 500].map(waitAfterWrong)).toEqual([
      0, 0, 2_000, 4_000, 8_000, 128_000, 3_600_000, 3_600_000,
    ]);
  });
});

describe('a new PIN', () => {
  it.each(['274951', '0000001', 'kitchen door', 'كرسي بجانب النافذة'])('may be %s', (secret) => {
    expect(isStrongEnough(secret)).toBe(true);
  });

  it.each(['', '27495', '111111', '123456', '654321', 'seven77', '        ', 'x'.repeat(201)])(
    'may not be %j',
    (secret) => expect(isStrongEnough(secret)).toBe(false),
  );
});
