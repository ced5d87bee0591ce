import type { EntryStanding } from './outbox';
import type { Problem, PartState, StoryState } from './story';

/** The line that is always true: what is only on this phone. */
export interface OutboxSummary {
  /** Stories with anything the server has not confirmed. */
  unsentStories: number;
  unsentEntries: number;
  /** Entries the server refused: they stay here until somebody acts. */
  refused: number;
  needsSignIn: boolean;
  sending: boolean;
  everythingSent: boolean;
  bytesLeft: number;
}

const isUnsent = (entry: EntryStanding): boolean => entry.state !== 'stored';

/** `openStories` have a recording still being made, which no entry stands for yet. */
export function summary(entries: readonly EntryStanding[], openStories: readonly string[] = []): OutboxSummary {
  const unsent = entries.filter(isUnsent);
  const stories = new Set([...unsent.map((entry) => entry.storyId), ...openStories]);
  return {
    unsentStories: stories.size,
    unsentEntries: unsent.length,
    refused: unsent.filter((entry) => entry.state === 'refused').length,
    needsSignIn: unsent.some((entry) => entry.state === 'needs_sign_in'),
    sending: unsent.some((entry) => entry.state === 'sending'),
    everythingSent: stories.size === 0,
    bytesLeft: unsent.reduce((sum, entry) => sum + entry.bytes - entry.sentBytes, 0),
  };
}

/** One state for a whole story, worst news first. */
export function storyState(entries: readonly EntryStanding[], open: boolean): StoryState {
  const has = (state: EntryStanding['state']): boolean => entries.some((entry) => entry.state === state);
  if (has('refused')) return 'needs_attention';
  if (has('needs_sign_in')) return 'needs_sign_in';
  if (has('sending')) return 'sending';
  return open || entries.some(isUnsent) ? 'only_here' : 'stored';
}

/** The state a person sees for one part; a part without an entry is still being made. */
export function partState(entry: EntryStanding | undefined): PartState {
  if (!entry) return 'open';
  return entry.state === 'withdrawn' ? 'refused' : entry.state;
}

export function problemOf(entry: EntryStanding | undefined): Problem | null {
  return entry?.code ? { code: entry.code, message: entry.message } : null;
}

/** What stands in the way of a story, refusals before delays. */
export function storyProblem(entries: readonly EntryStanding[]): (Problem & { entryId: string }) | null {
  const worst =
    entries.find((entry) => entry.state === 'refused') ?? entries.find((entry) => entry.code !== null);
  return worst?.code ? { code: worst.code, message: worst.message, entryId: worst.id } : null;
}
