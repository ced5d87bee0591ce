import { beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetDrafts, keepDraft, readDraft } from '../../collect/screens/quote-draft';

/** What the browser keeps, with the words in its own keys as a browser has them. */
function browserStorage(): Storage {
  const kept = {} as Record<string, string>;
  const methods = {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => void (kept[key] = value),
    removeItem: (key: string) => void delete kept[key],
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(kept, name, { value });
  return kept as unknown as Storage;
}

describe('a quote being written', () => {
  beforeEach(() => vi.stubGlobal('localStorage', browserStorage()));

  it('is there again when the page is opened again', () => {
    expect(keepDraft('story', 'I have told')).toBe(true);
    expect(readDraft('story')).toBe('I have told');
  });

  it('is gone once it is saved or thrown away', () => {
    keepDraft('story', 'I have told');
    keepDraft('story', '');
    expect(readDraft('story')).toBe('');
  });

  it('goes with a story that has left the phone, and no other draft does', () => {
    keepDraft('withdrawn', 'words of somebody who took them back');
    keepDraft('story', 'I have told');
    localStorage.setItem('something else', 'stays');
    forgetDrafts(['story']);
    expect(readDraft('withdrawn')).toBe('');
    expect(readDraft('story')).toBe('I have told');
    expect(localStorage.getItem('something else')).toBe('stays');
  });
});
