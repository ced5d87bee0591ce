import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  hashedWords, ideasIn, introductionPages, languagesOf, textIn, textsOf, type WordingText,
} from '../../collect/domain/wording';
import { sha256 } from '../../collect/store/bytes';

const file = new URL('../../../tests/contract/wording_hashes.json', import.meta.url);
const contract = JSON.parse(readFileSync(file, 'utf-8')) as (WordingText & { sha256: string })[];

const text = (language: string, reading: 'full' | 'easy', introduction = ''): WordingText => ({
  language, reading, title: '', introduction, uses: [],
});

describe('the words that somebody agrees to', () => {
  it.each(contract)('are named by the hash that the server counts: $language', async (words) => {
    expect(await sha256(new TextEncoder().encode(hashedWords(words)))).toBe(words.sha256);
  });

  it('are one text, whose language nobody knows, where an older server sent no others', () => {
    const main = { title: 'Before we start', introduction: 'One', uses: [] };
    expect(textsOf({ id: 'w', version: 1, ...main })).toEqual([{ language: '', reading: 'full', ...main }]);
  });

  it('are found by language and reading, or the nearest to them', () => {
    const texts = [text('en', 'full'), text('en', 'easy'), text('ur', 'full')];
    expect(languagesOf(texts)).toEqual(['en', 'ur']);
    expect(textIn(texts, 'en', 'easy')).toBe(texts[1]);
    expect(textIn(texts, 'ur', 'easy')).toBe(texts[2]);
    expect(textIn(texts, 'pl', 'easy')).toBe(texts[0]);
  });

  it('come one idea to a screen in the easy reading, and all together in full', () => {
    const words = 'One idea. Another?\n\nA third, 1.5 m away';
    expect(introductionPages(text('en', 'easy', words))).toEqual([['One idea.'], ['Another?'], ['A third, 1.5 m away']]);
    expect(introductionPages(text('en', 'full', words))).toEqual([['One idea. Another?', 'A third, 1.5 m away']]);
    expect(ideasIn('ہم سنتے ہیں۔ آپ چنتے ہیں؟ ہاں', 'easy')).toEqual(['ہم سنتے ہیں۔', 'آپ چنتے ہیں؟', 'ہاں']);
    expect(introductionPages(text('en', 'easy', ''))).toEqual([[]]);
  });
});
