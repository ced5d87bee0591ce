import { expect, it } from 'vitest';
import { fitWithin } from '../../collect/domain/picture';

it('a large picture comes down to 2400 on its longest edge and keeps its shape', () => {
  expect(fitWithin(4000, 3000)).toEqual({ width: 2400, height: 1800 });
  expect(fitWithin(3000, 4000)).toEqual({ width: 1800, height: 2400 });
});

it('a small picture stays as it is', () => {
  expect(fitWithin(640, 480)).toEqual({ width: 640, height: 480 });
});

it('a very thin picture keeps at least one row', () => {
  expect(fitWithin(50_000, 3)).toEqual({ width: 2400, height: 1 });
});
