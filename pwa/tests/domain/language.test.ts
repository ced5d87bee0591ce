import { describe, expect, it } from 'vitest';
import { closestLanguage, directionOf } from '../../collect/domain/language';

describe('closestLanguage', () => {
  it.each([
    [['cy-GB', 'en-GB'], 'cy'],
    [['fr', 'ur-PK', 'en'], 'ur'],
    [['EN-us'], 'en'],
    [['fr', 'pl'], 'en'],
    [[], 'en'],
  ])('of %j is %s', (wanted, language) => {
    expect(closestLanguage(wanted)).toBe(language);
  });
});

describe('directionOf', () => {
  it.each([
    ['en', 'ltr'],
    ['cy', 'ltr'],
    ['ur', 'rtl'],
    ['ar-SD', 'rtl'],
    ['pa', 'ltr'],
    ['pa-Arab-PK', 'rtl'],
    ['ur-Latn', 'ltr'],
  ])('a page in %s is written %s', (tag, direction) => {
    expect(directionOf(tag)).toBe(direction);
  });
});
