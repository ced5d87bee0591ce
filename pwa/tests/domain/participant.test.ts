import { expect, it } from 'vitest';
import { mayCapture, noAnswers, refusesAll, type Answers } from '../../collect/domain/consent';
import { isFreeName } from '../../collect/domain/participant';

const yesTo = (...uses: (keyof Answers)[]): Answers => ({
  ...noAnswers(),
  ...Object.fromEntries(uses.map((use) => [use, true])),
});

it('nothing is recorded where somebody in the room must not be heard', () => {
  expect(mayCapture(yesTo('record', 'board', 'photos'), true)).toMatchObject({
    recording: false, photos: true, quotes: true, anything: true,
  });
});

it('a person refuses everything only once they were asked everything', () => {
  expect(refusesAll({})).toBe(false);
  expect(refusesAll({ ...noAnswers(), photos: undefined })).toBe(false);
  expect(refusesAll(noAnswers())).toBe(true);
  expect(refusesAll(yesTo('photos'))).toBe(false);
});

it('no two of a group have the same name, however it is written', () => {
  expect(isFreeName('  rose ', ['Sam', 'Rose'])).toBe(false);
  expect(isFreeName('Rose  Ann', ['rose ann'])).toBe(false);
  expect(isFreeName('Ｒｏｓｅ', ['Rose'])).toBe(false);
  expect(isFreeName('Rosa', ['Rose'])).toBe(true);
});
