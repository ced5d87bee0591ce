import { isKept } from './keeping';
import { waitsForWifi, type EntryStanding } from './outbox';
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
  /** Stories taken back on this phone, of which the server has not heard yet. Nothing of them is here. */
  takenBack: number;
  /** How the news of each of them stands. */
  withdrawals: EntryStanding[];
  /** Bytes of sound and photos that may have to wait for Wi-Fi. */
  mediaBytes: number;
  /** Bytes that are still here although the server has them. */
  keptBytes: number;
}

/** What is not finished, and is in no outbox. */
export interface DraftCounts {
  /** Conversations whose consent is not confirmed. */
  conversations: number;
  quotes: number;
  photos: number;
}

const isUnsent = (entry: EntryStanding): boolean => entry.state !== 'stored';
const bytesLeft = (entries: readonly EntryStanding[]): number =>
  entries.reduce((sum, entry) => sum + entry.bytes - entry.sentBytes, 0);

/** `unqueuedStories` have a part that no entry stands for yet, such as a recording still being made. */
export function summary(entries: readonly EntryStanding[], unqueuedStories: readonly string[] = []): OutboxSummary {
  const unsent = entries.filter(isUnsent);
  const withdrawals = unsent.filter(({ kind }) => kind === 'withdrawal');
  const parts = unsent.filter(({ kind }) => kind !== 'withdrawal');
  const stories = new Set([...parts.map(({ storyId }) => storyId), ...unqueuedStories]);
  return {
    unsentStories: stories.size,
    unsentEntries: unsent.length,
    refused: unsent.filter((entry) => entry.state === 'refused').length,
    needsSignIn: unsent.some((entry) => entry.state === 'needs_sign_in'),
    sending: unsent.some((entry) => entry.state === 'sending'),
    everythingSent: stories.size === 0 && withdrawals.length === 0,
    bytesLeft: bytesLeft(unsent),
    takenBack: withdrawals.length,
    withdrawals,
    mediaBytes: bytesLeft(unsent.filter(waitsForWifi)),
    keptBytes: entries.filter(isKept).reduce((sum, { bytes }) => sum + bytes, 0),
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
