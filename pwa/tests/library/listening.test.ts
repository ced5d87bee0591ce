import { describe, expect, it } from 'vitest';
import { clockOf } from '../../library/listening/clock';
import { playerMove, wordAfter, wordMove } from '../../library/listening/keys';
import { stopsAt } from '../../library/listening/stops';
import { extended, firstOf, lastOf, stretchOf, timesOf } from '../../library/listening/stretch';
import { leftOf, shouldFollow, topOf } from '../../library/listening/view';

const WORDS = [
  { start: 0, end: 400 },
  { start: 400, end: 900 },
  { start: 900, end: 900 },
  { start: 5000, end: 5600 },
];

describe('a position', () => {
  it('is read in minutes and seconds, with hours when there are any', () => {
    expect([0, 65_900, 3_605_000].map(clockOf)).toEqual(['0:00', '1:05', '1:00:05']);
  });
});

describe('where the recording had stopped', () => {
  const stops = [
    { at: 2000, words: 'Stopped for 42 seconds.' },
    { at: 2000, words: 'Part 2 cannot be played.' },
    { at: 4000, words: 'Stopped again.' },
  ];
  it('is said when the sound goes on after it, and no more a few seconds later', () => {
    expect(stopsAt(stops, 1999)).toBe('');
    expect(stopsAt(stops, 2000)).toBe('Stopped for 42 seconds. Part 2 cannot be played.');
    expect(stopsAt(stops, 4500)).toBe('Stopped again.');
    expect(stopsAt(stops, 8000)).toBe('');
  });
});

describe('choosing words', () => {
  it('grows from where it began, in both directions', () => {
    const forwards = extended(null, 4, 5);
    const backwards = extended(forwards, 5, 2);
    expect([firstOf(backwards), lastOf(backwards)]).toEqual([2, 4]);
  });
  it('takes its times from the first and the last word', () => {
    expect(timesOf({ anchor: 1, focus: 0 }, WORDS)).toEqual({ start: 0, end: 900 });
    expect(timesOf({ anchor: 2, focus: 9 }, WORDS)).toBeNull();
  });
  it('never has no length, so that a word without length can be chosen', () => {
    expect(timesOf({ anchor: 2, focus: 2 }, WORDS)).toEqual({ start: 900, end: 901 });
  });
  it('takes in all words between the first and the last that a selection touches', () => {
    expect(stretchOf([false, true, false, true, false])).toEqual({ anchor: 1, focus: 3 });
    expect(stretchOf([false, false])).toBeNull();
  });
});

const pressed = (key: string, held = {}) => ({ key, altKey: false, ctrlKey: false, metaKey: false, ...held });

describe('keys in the transcript', () => {
  it('make an excerpt and put themes on it while words are chosen, and play otherwise', () => {
    expect([wordMove(pressed('Enter'), false), wordMove(pressed('Enter'), true)]).toEqual(['play', 'make']);
    expect([wordMove(pressed('3'), false), wordMove(pressed('3'), true)]).toEqual([null, 3]);
    expect(wordMove(pressed('z', { ctrlKey: true }), false)).toBe('undo');
    expect(wordMove(pressed('k', { ctrlKey: true }), true)).toBeNull();
  });
  const starts = [0, 5, 9];
  it('move by word and stop at both ends', () => {
    expect(wordAfter('next', 11, starts, 12)).toBe(11);
    expect(wordAfter('previous', 0, starts, 12)).toBe(0);
  });
  it('move to the start of the segment, then to the one before', () => {
    expect(wordAfter('up', 7, starts, 12)).toBe(5);
    expect(wordAfter('up', 5, starts, 12)).toBe(0);
    expect(wordAfter('down', 7, starts, 12)).toBe(9);
    expect(wordAfter('down', 10, starts, 12)).toBe(10);
  });
  it('go to the first and the last word of the segment', () => {
    expect([wordAfter('first', 7, starts, 12), wordAfter('last', 7, starts, 12)]).toEqual([5, 8]);
    expect(wordAfter('last', 10, starts, 12)).toBe(11);
  });
  it('leave typing and other keys alone', () => {
    expect(wordMove(pressed('Tab'), false)).toBeNull();
    expect(wordMove(pressed('e'), false)).toBe('excerpt');
  });
});

describe('keys on the player', () => {
  it('play, pause and step', () => {
    expect([' ', 'k', 'ArrowLeft', 'ArrowRight'].map((key) => playerMove(key, 'other'))).toEqual([
      'toggle',
      'toggle',
      'back',
      'forward',
    ]);
  });
  it('leave space to a button and every key to the list of speeds', () => {
    expect(playerMove(' ', 'button')).toBeNull();
    expect(playerMove('ArrowLeft', 'choices')).toBeNull();
  });
});

describe('following the voice', () => {
  const seen = { top: 100, bottom: 700 };
  it('moves the page when the voice leaves the window', () => {
    expect(shouldFollow({ top: 660, bottom: 690 }, { top: 690, bottom: 720 }, seen)).toBe(true);
  });
  it('leaves somebody who has scrolled away in peace', () => {
    expect(shouldFollow({ top: 900, bottom: 930 }, { top: 930, bottom: 960 }, seen)).toBe(false);
  });
  it('does nothing while the word can be seen', () => {
    expect(shouldFollow({ top: 200, bottom: 230 }, { top: 230, bottom: 260 }, seen)).toBe(false);
  });
});

describe('the form for an excerpt', () => {
  const seen = { top: 0, bottom: 800 };
  it('opens under the words, or above them where there is no room', () => {
    expect(topOf({ top: 100, bottom: 130 }, 300, seen)).toBe(138);
    expect(topOf({ top: 600, bottom: 630 }, 300, seen)).toBe(292);
    expect(topOf({ top: 100, bottom: 700 }, 300, seen)).toBe(708);
  });
  it('stays within its column', () => {
    expect([leftOf(900, 400, 1000), leftOf(-20, 400, 1000), leftOf(100, 1200, 1000)]).toEqual([600, 0, 0]);
  });
});
