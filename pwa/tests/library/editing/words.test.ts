import { describe, expect, it } from 'vitest';
import { caretBefore, placesOf, wordsBefore } from '../../../library/editing/kept-words';
import { doubted, marked, sameWords } from '../../../library/editing/marks';
import type { TimedWord } from '../../../library/editing/segment';

const WORDS: TimedWord[] = [
  [' We', 0, 400, 0.9],
  [' waited', 400, 900, 0.9],
  [' all', 900, 1200, 0.4],
  [' night.', 1300, 2000, 0.9],
];

function said(text: string, moment: number): string {
  const place = placesOf(WORDS, text, 0, 2000).findLast(({ start }) => start <= moment);
  return place === undefined ? '' : text.slice(place.from, place.to);
}

describe('while words are being typed', () => {
  it('those that were there keep their times', () => {
    expect([100, 500, 1000, 1500].map((moment) => said('We waited all night.', moment))).toEqual(
      ['We', 'waited', 'all', 'night.'],
    );
    expect([100, 500, 1500].map((moment) => said('We waited for the whole night.', moment))).toEqual(
      ['We', 'waited', 'night.'],
    );
  });
  it('what was written between them has the time that they leave', () => {
    expect(said('We waited for the whole night.', 1000)).toBe('for the whole');
    expect(said('Surely nobody knows', 1999)).toBe('Surely nobody knows');
  });
  it('spaces change nothing, and nothing is said where there are no words', () => {
    expect(said('  We   waited all\n night. ', 1500)).toBe('night.');
    expect(placesOf(WORDS, ' ', 0, 2000)).toEqual([]);
    expect(placesOf([], 'New', 5, 9)).toEqual([{ from: 0, to: 3, start: 5, end: 9 }]);
  });
  it('words without spaces between them are found too', () => {
    const words: TimedWord[] = [['等', 0, 300, 1], ['了', 300, 500, 1], ['一', 500, 700, 1], ['夜', 700, 900, 1]];
    const places = placesOf(words, '等了整夜', 0, 900);
    expect(places.map(({ from, to, start }) => ['等了整夜'.slice(from, to), start])).toEqual(
      [['等', 0], ['了', 300], ['整', 500], ['夜', 700]],
    );
  });
  it('a letter of two code units is one letter', () => {
    expect(placesOf([[' 😀ok', 0, 9, 1]], '😀ok', 0, 9)).toEqual([{ from: 0, to: 4, start: 0, end: 9 }]);
  });
});

describe('parting a passage', () => {
  it('counts the words before the caret, and takes a word that the caret is in to them', () => {
    expect([0, 2, 3, 4, 9, 99].map((caret) => wordsBefore(WORDS, 'We waited all night.', caret))).toEqual(
      [0, 1, 1, 2, 2, 4],
    );
  });
  it('finds where a word begins', () => {
    expect([0, 1, 3, 9].map((place) => caretBefore(WORDS, place))).toEqual([0, 3, 14, 20]);
  });
});

describe('marks', () => {
  it('go where the caret is, with a space on both sides', () => {
    expect(marked('We waited', 2, 'laughs')).toEqual({ text: 'We [laughs] waited', caret: 11 });
    expect(marked('We waited', 3, 'cries')).toEqual({ text: 'We [cries] waited', caret: 10 });
    expect(marked('', 0, 'pause')).toEqual({ text: '[pause]', caret: 7 });
    expect(marked('We waited', 9, 'unclear').text).toBe('We waited [unclear]');
  });
  it('part no word', () => {
    expect(marked('We waited', 5, 'laughs').text).toBe('We waited [laughs]');
  });
});

describe('a word that may be another one', () => {
  it('is put in brackets without the signs around it', () => {
    expect(doubted('for a bed.', 7)).toEqual({ text: 'for a [unclear: bed].', caret: 20 });
    expect(doubted('(bed)', 2).text).toBe('([unclear: bed])');
    expect(doubted('for a bed', 9).text).toBe('for a [unclear: bed]');
    expect(doubted('سریر', 1).text).toBe('[unclear: سریر]');
  });
  it('is taken out of them again', () => {
    for (const caret of [6, 12, 20]) expect(doubted('for a [unclear: bed].', caret).text).toBe('for a bed.');
  });
  it('is no mark, and no sign alone', () => {
    expect(doubted('we [laughs] went', 6)).toEqual({ text: 'we [laughs] went', caret: 6 });
    expect(doubted('…', 1).text).toBe('…');
    expect(doubted('', 0).text).toBe('');
  });
});

describe('the same words', () => {
  it('are the same whatever the spaces', () => {
    expect(sameWords(' a  b\n', 'a b')).toBe(true);
    expect(sameWords('a b', 'ab')).toBe(false);
  });
});
