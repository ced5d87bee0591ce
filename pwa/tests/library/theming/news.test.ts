// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { inWords, newBy, putsIn } from '../../../library/theming/news';

const put = (by: string, theme = 'Waiting', part = '1', kind = 'excerpt') => ({ part, kind, theme, by });

describe('news of others', () => {
  it('is what they put since, and nothing of what you did', () => {
    expect(newBy([put('Mo')], [put('Mo'), put('you'), put('Ada')])).toEqual([put('Ada')]);
  });
  it('is said in a sentence', () => {
    expect(inWords([])).toBe('');
    expect(inWords([put('Mo')])).toBe('Mo put “Waiting” on an excerpt.');
    expect(inWords([put('Mo', 'Nights', '2', 'photo')])).toBe('Mo put “Nights” on a photo.');
    expect(inWords([put('Mo'), put('Ada'), put('Mo', 'Nights')])).toBe('Mo and Ada put 3 themes on this story.');
  });
  it('is read from the page', () => {
    document.body.innerHTML = `<div id="themed-7" data-themed="quote"><ul><li data-theme="t"><a class="theme-tag">Waiting</a>
      <span class="themed__by"><bdi>you</bdi> and <bdi>Mo</bdi></span></li></ul></div>`;
    expect(putsIn(document)).toEqual([put('you', 'Waiting', '7', 'quote'), put('Mo', 'Waiting', '7', 'quote')]);
  });
});
