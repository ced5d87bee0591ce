import type { EntryStanding } from './outbox';

/** Whether a story can still be held back here: its words go once, and then stay as they were sent. */
export type HoldingBack = 'here' | 'may_be_sent' | 'already_sent';

/** By how the entry of the story itself stands; nothing where there is none any more. */
export function holdingBack(story: EntryStanding | undefined): HoldingBack {
  if (!story || story.state === 'stored' || story.state === 'withdrawn') return 'already_sent';
  const isHere = (story.state === 'waiting' || story.state === 'needs_sign_in') && story.triedAt === undefined;
  return isHere && story.sentBytes === 0 ? 'here' : 'may_be_sent';
}
