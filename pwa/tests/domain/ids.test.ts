import { expect, it } from 'vitest';
import { receiptCode, uuidv7 } from '../../collect/domain/ids';

it('an id is a UUID of version 7 that carries its time', () => {
  const id = uuidv7(0x0123456789ab, (length) => new Uint8Array(length).fill(0xff));
  expect(id).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
});

it('ids made later sort later', () => {
  expect(uuidv7(1_000) < uuidv7(2_000)).toBe(true);
});

it('a receipt code has 26 characters that nobody mistakes for another', () => {
  expect(receiptCode()).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
});

it('no two receipt codes are alike', () => {
  expect(new Set(Array.from({ length: 500 }, () => receiptCode())).size).toBe(500);
});
