/** A quote being written, kept while it is typed so that a closed page loses no word. */
const KEY = 'earshot.quote.';

export function readDraft(storyId: string): string {
  return localStorage.getItem(KEY + storyId) ?? '';
}

/** True when the words are kept; false when the phone would not. */
export function keepDraft(storyId: string, text: string): boolean {
  try {
    if (text) localStorage.setItem(KEY + storyId, text);
    else localStorage.removeItem(KEY + storyId);
    return true;
  } catch {
    return false;
  }
}

/** Deletes the drafts of stories that are no longer on this phone, such as withdrawn ones. */
export function forgetDrafts(storyIds: readonly string[]): void {
  const kept = new Set(storyIds.map((id) => KEY + id));
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(KEY) && !kept.has(key)) localStorage.removeItem(key);
  }
}
