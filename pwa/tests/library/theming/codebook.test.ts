import { describe, expect, it } from 'vitest';
import { keysAfter, matching, named, onKeys, type Theme } from '../../../library/theming/codebook';

const theme = (id: string, name: string, ...above: string[]): Theme => ({ id, name, above, colour: '' });
const THEMES = [theme('1', 'Being told'), theme('2', 'At night', 'Waiting'), theme('3', 'Élan'), theme('4', 'Knowing what to expect')];
const ids = (themes: readonly Theme[]) => themes.map(({ id }) => id);

describe('typing a few letters of a theme', () => {
  it('finds it without its accents, and whatever stands under a theme of that name', () => {
    expect(ids(matching(THEMES, 'elan'))).toEqual(['3']);
    expect(ids(matching(THEMES, 'wait'))).toEqual(['2']);
    expect(ids(matching(THEMES, 'night wait'))).toEqual(['2']);
    expect(matching(THEMES, 'nothing like it')).toEqual([]);
  });
  it('offers names that begin so before those with such a word, and those before the rest', () => {
    const themes = [theme('a', 'Stolen'), theme('b', 'Being told'), theme('c', 'Told late'), theme('d', 'To be told')];
    expect(ids(matching(themes, 'to'))).toEqual(['c', 'd', 'b', 'a']);
  });
  it('knows a name that is there already, whatever its case', () => {
    expect(named(THEMES, '  being  TOLD ')?.id).toBe('1');
    expect(named(THEMES, 'being')).toBeUndefined();
  });
});

describe('themes on keys', () => {
  it('are those used last, and then others of the codebook, none that is not there any more', () => {
    expect(onKeys(['3', 'gone'], THEMES)).toEqual(['3', '1', '2', '4']);
  });
  it('stay on their keys when they are used, and a new one takes a free key', () => {
    expect(keysAfter(['1', '2'], ['2'], '2')).toEqual(['1', '2']);
    expect(keysAfter(['1', '2'], ['2'], '3')).toEqual(['1', '2', '3']);
  });
  it('give up the key that was used longest ago where none is free, the last of those that never were', () => {
    const nine = [...'abcdefghi'];
    expect(keysAfter(nine, ['i', 'h'], 'new')).toEqual([...'abcdef', 'new', ...'hi']);
    expect(keysAfter(nine, [...nine], 'new')).toEqual(['new', ...'bcdefghi']);
  });
});
