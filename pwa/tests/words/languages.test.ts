import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../collect/domain/language';
import { counter } from '../../collect/words/counting';
import { cy } from '../../collect/words/cy';
import { dayAndTime, list, stories } from '../../collect/words/cy/forms';
import { en, type Words } from '../../collect/words/en';
import { ur } from '../../collect/words/ur';

const SPOKEN: Record<Language, Words> = { en, cy, ur };

/** Each sentence, or what makes it, with where it stands, such as `home.start`. */
function sentences(of: unknown, at = ''): [string, unknown][] {
  if (typeof of !== 'object' || of === null) return [[at, of]];
  return Object.entries(of).flatMap(([key, one]) => sentences(one, at ? `${at}.${key}` : key));
}

const said = (language: Language) => new Map(sentences(SPOKEN[language]));
const plain = (language: Language) =>
  sentences(SPOKEN[language]).filter((one): one is [string, string] => typeof one[1] === 'string');
const NAME = 'app.name';
// Programs, kinds of file and signs that are the same in every language.
const KEPT = /Earshot|Chrome|Safari|Firefox|JPEG|PNG|QR|Wi-Fi|PIN|\(Add to Home Screen\)/g;

describe.each(LANGUAGES.filter((language) => language !== 'en'))('%s', (language) => {
  it('has every sentence that English has, and no other', () => {
    expect([...said(language).keys()].sort()).toEqual([...said('en').keys()].sort());
  });

  it('leaves no sentence in English', () => {
    const english = said('en');
    const left = [...said(language)].filter(([at, one]) => at !== NAME && one === english.get(at));
    expect(left.map(([at]) => at)).toEqual([]);
  });

  it('never shouts', () => {
    for (const [, sentence] of plain(language)) expect(sentence).not.toMatch(/[!！]/);
  });
});

describe('Urdu', () => {
  it('is written in its own script', () => {
    const latin = plain('ur').filter(([at, sentence]) => at !== NAME && /[a-z]/i.test(sentence.replace(KEPT, '')));
    expect(latin).toEqual([]);
  });
});

describe('Welsh', () => {
  it.each([
    [0, 'mae 0 llun'],
    [1, 'un llun'],
    [2, 'mae 2 lun'],
    [3, 'mae 3 llun'],
    [6, 'chwe 6'],
    [11, 'mae 11 llun'],
  ])('counts %d with its own form', (n, counted) => {
    const forms = { one: 'un llun', two: 'mae # lun', many: 'chwe #', other: 'mae # llun' };
    expect(counter('cy')(n, forms)).toBe(counted);
  });

  it('says how many stories, lists with a or ac, and names the day itself', () => {
    expect(stories(12)).toBe('12 stori');
    expect(list.format(['2 recordiad', '1 llun'])).toBe('2 recordiad ac 1 llun');
    expect(list.format(['1 recordiad', '2 lun', '3 dyfyniad'])).toBe('1 recordiad, 2 lun a 3 dyfyniad');
    expect(list.format(['10 llun', '10 dyfyniad'])).toBe('10 llun a 10 dyfyniad');
    expect(dayAndTime.format(new Date(2026, 2, 1, 9, 5))).toBe('Dydd Sul 1 Mawrth am 09:05');
  });
});
