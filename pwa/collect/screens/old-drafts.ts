import type { Agreeing } from '../app-core';
import { Refusal } from '../domain/codes';

const QUOTE = 'earshot.quote.';
const CONVERSATION = 'earshot.conversation';

/** Seals the quotes that an earlier app kept in the clear while they were written, and clears what it left behind. */
export async function sealOldDrafts(agreeing: Pick<Agreeing, 'quote' | 'keepQuote'>, old: Storage): Promise<void> {
  for (const key of Object.keys(old).filter((name) => name.startsWith(QUOTE))) {
    const storyId = key.slice(QUOTE.length);
    const newer = await agreeing.quote(storyId);
    if (!newer) await agreeing.keepQuote(storyId, old.getItem(key) ?? '').catch(unlessItsStoryIsGone);
    old.removeItem(key);
  }
}

function unlessItsStoryIsGone(problem: unknown): void {
  if (!(problem instanceof Refusal && problem.code === 'story_missing')) throw problem;
}

/** Answers to a wording that an earlier app kept in the clear for as long as its tab was open. */
export function clearOldConversation(old: Storage): void {
  old.removeItem(CONVERSATION);
}
