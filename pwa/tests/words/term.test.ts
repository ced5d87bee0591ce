import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../collect/domain/language';
import { termIn } from '../../collect/words/term';

const said = (language: string, months: number): string => termIn(language, 'en-GB', months).sentences[0]!;

describe('how long a yes lasts', () => {
  it.each([
    [1, 'Your yes lasts 1 month.'],
    [12, 'Your yes lasts 1 year.'],
    [18, 'Your yes lasts 18 months.'],
    [24, 'Your yes lasts 2 years.'],
  ])('is said in years where they are whole: %d', (months, sentence) => {
    expect(said('en', months)).toBe(sentence);
  });

  it.each([
    [12, '1 flwyddyn'], [24, '2 flynedd'], [36, '3 blynedd'], [48, '4 blynedd'], [60, '5 mlynedd'], [72, '6 blynedd'],
    [120, '10 mlynedd'], [1, '1 mis'], [2, '2 fis'], [18, '18 mis'],
  ])('takes the form of its number in Welsh: %d', (months, words) => {
    expect(said('cy', months)).toContain(words);
  });

  it('is said in the language that somebody agrees in, and in that of the app where it does not speak it', () => {
    expect(termIn('ur', 'cy', 24)).toMatchObject({ language: 'ur', sentences: [expect.stringContaining('2 سال'), expect.any(String)] });
    expect(termIn('pl', 'cy', 24)).toMatchObject({ language: '', sentences: [expect.stringContaining('2 flynedd'), expect.any(String)] });
    expect(termIn('', 'en-GB', 24)).toMatchObject({ language: '', sentences: ['Your yes lasts 2 years.', expect.any(String)] });
    for (const language of LANGUAGES) expect(termIn(language, 'en', 24).sentences).toHaveLength(2);
  });
});
