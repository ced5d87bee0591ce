import { expect, it } from 'vitest';
import { isoWithOffset } from '../../collect/domain/time';

it('a time keeps its instant and says its offset', () => {
  const written = isoWithOffset(new Date('2026-11-21T20:15:30.123Z'));
  expect(written).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
  expect(new Date(written).toISOString()).toBe('2026-11-21T20:15:30.123Z');
});
