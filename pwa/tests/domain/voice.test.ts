import { expect, it } from 'vitest';
import { voiceFor } from '../../collect/domain/voice';

const own = (lang: string) => ({ lang, localService: true });

it('words are read by a voice for their own language, of the same country where there is one', () => {
  const voices = [own('en-US'), own('ur_PK'), own('en_GB')];
  expect(voiceFor(voices, 'en-GB')).toBe(voices[2]);
  expect(voiceFor(voices, 'en')).toBe(voices[0]);
  expect(voiceFor(voices, 'ur')).toBe(voices[1]);
});

it('no voice is better than a voice for another language, or one that sends the words away', () => {
  expect(voiceFor([own('en-GB')], 'cy')).toBeUndefined();
  expect(voiceFor([{ lang: 'cy', localService: false }], 'cy')).toBeUndefined();
});
