import { describe, expect, it } from 'vitest';
import { heardInWords, howHeard, isHeard, unheardFrom } from '../../../library/editing/place';
import { joined, Played } from '../../../library/heard/played';
import { isWhole } from '../../../library/heard/whole';

const playing = { playing: true, speed: 1, audible: true };

function play(played: Played, from: number, to: number, more: object = {}, began = from): void {
  const speed = 'speed' in more ? Number(more.speed) : 1;
  for (let at = from; at <= to; at += 250) {
    played.at({ at, now: began + (at - from) / speed, ...playing, ...more });
  }
}

describe('what has been listened to', () => {
  it('is what was played, up to where it stopped', () => {
    const played = new Played();
    play(played, 1000, 3000);
    played.at({ at: 3100, now: 3100, ...playing, playing: false });
    expect(played.take()).toEqual([[1000, 3100]]);
    expect(played.take()).toEqual([]);
  });
  it('is told bit by bit and goes on from there', () => {
    const played = new Played();
    play(played, 0, 1000);
    expect(played.take()).toEqual([[0, 1000]]);
    play(played, 1250, 2000);
    expect(played.take()).toEqual([[1000, 2000]]);
  });
  it('leaves out what was leapt over', () => {
    const played = new Played();
    play(played, 0, 1000);
    played.leap();
    play(played, 60_000, 61_000, {}, 1010);
    expect(played.take()).toEqual([[0, 1000], [60_000, 61_000]]);
    play(played, 90_000, 90_500, {}, 2020);
    expect(played.take()).toEqual([[90_000, 90_500]]);
  });
  it('leaves out what was faster than twice the speed, or could not be heard', () => {
    const played = new Played();
    play(played, 0, 4000, { speed: 2.5 });
    play(played, 4000, 8000, { audible: false });
    expect(played.take()).toEqual([]);
    play(played, 10_000, 12_000, { speed: 2 });
    expect(played.take()).toEqual([[10_000, 12_000]]);
  });
  it('counts a page that is hidden and is told seldom', () => {
    const played = new Played();
    for (const at of [0, 1000, 2000, 6000]) played.at({ at, now: at, ...playing });
    expect(played.take()).toEqual([[0, 6000]]);
  });
  it('is kept where it could not be sent', () => {
    const played = new Played();
    played.giveBack([[0, 1000]]);
    play(played, 500, 2000);
    expect(played.take()).toEqual([[0, 2000]]);
    expect(joined([[5, 6], [0, 2], [2, 3]])).toEqual([[0, 3], [5, 6]]);
  });
});

describe('an excerpt', () => {
  it('has been listened to when all of it was played, in one go or in several', () => {
    expect(isWhole([[0, 4000]], 4200)).toBe(true);
    expect(isWhole([[2000, 4200], [0, 2100]], 4200)).toBe(true);
    expect(isWhole([[0, 1000], [2000, 4200]], 4200)).toBe(false);
    expect(isWhole([[1000, 4200]], 4200)).toBe(false);
    expect(isWhole([], 0)).toBe(false);
    expect(isWhole([[0, 4000]], NaN)).toBe(false);
  });
});

describe('how much of a passage has been heard', () => {
  const words = [{ start: 0, end: 400 }, { start: 400, end: 800 }];
  it('goes by the middle of each word', () => {
    expect(isHeard({ start: 0, end: 400 }, [[200, 300]])).toBe(true);
    expect(isHeard({ start: 0, end: 400 }, [[201, 400]])).toBe(false);
    expect([[[0, 700]], [[0, 300]], []].map((heard) => howHeard(words, heard as [number, number][]))).toEqual(
      ['heard', 'partly', 'not'],
    );
    expect(howHeard([], [[0, 9]])).toBe('not');
  });
  it('the next that is not goes round from the end', () => {
    expect(unheardFrom(['not', 'heard', 'partly', 'heard'], 2, 1)).toBe(0);
    expect(unheardFrom(['not', 'heard', 'partly', 'heard'], 0, -1)).toBe(2);
    expect(unheardFrom(['heard'], 0, 1)).toBe(-1);
    expect(unheardFrom([], -1, 1)).toBe(-1);
  });
  it('is said in a sentence', () => {
    expect(heardInWords(['heard', 'not'])).toBe('1 of 2 passages have been heard.');
    expect(heardInWords(['heard'])).toBe('Every passage has been heard.');
  });
});
