import type { Agreeing } from '../app-core';

const QUOTE = 'earshot.quote.';
const CONVERSATION = 'earshot.conversation';

/** Seals the quotes that an earlier app kept in the clear while they were written, and clears what it left behind. */
export async function sealOldDrafts(agreeing: Pick<Agreeing, 'quote' | 'keepQuote'>, old: Storage): Promise<void> {
  for (const key of Object.keys(old).filter((name) => name.startsWith(QUOTE))) {
    const storyId = key.slice(QUOTE.length);
    const newer = await agreeing.quote(storyId);
    if (!newer) await agreeing.keepQuote(storyId, old.getItem(key) ?? '');
    old.removeItem(key);
  }
}

/** Answers to a wording that an earlier app kept in the clear for as long as its tab was open. */
export function clearOldConversation(old: Storage): void {
  old.removeItem(CONVERSATION);
}
