import { expect, it } from 'vitest';
import { clock } from '../../collect/domain/clock';

it.each([
  [0, '0:00'],
  [7_999, '0:07'],
  [127_000, '2:07'],
  [3_727_000, '1:02:07'],
])('shows %i ms as %s', (milliseconds, shown) => expect(clock(milliseconds)).toBe(shown));
