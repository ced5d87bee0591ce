import type { Answer, Receipt } from './answer';
import type { Code } from './codes';
import type { Notice } from './story';

export type EntryKind = 'consent' | 'story' | 'quote' | 'photo' | 'recording';
export type EntryState = 'waiting' | 'sending' | 'stored' | 'refused' | 'needs_sign_in' | 'withdrawn';

/** How an entry stands, which says nothing of what is in it. */
export interface EntryStanding {
  /** The id of the consent, story or part itself. */
  id: string;
  kind: EntryKind;
  storyId: string;
  personId: string;
  position: number;
  bytes: number;
  state: EntryState;
  attempts: number;
  /** Not tried before this time, in Unix milliseconds. */
  nextTryAt: number;
  code: Code | null;
  message: string | null;
  sentBytes: number;
  /** When the server took it, by its own clock (ISO 8601); null until there is a receipt. */
  receivedAt: string | null;
  notices: Notice[];
  createdAt: string;
}

/** Something the server has not confirmed yet, or has. */
export interface OutboxEntry extends EntryStanding {
  /** Hex SHA-256 of exactly what is sent: `body`, or the whole file. */
  sha256: string;
  /** The exact JSON sent; null for files. */
  body: string | null;
}

const SOON_MS = 1_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Bytes can be spoilt on the way; after this many times the fault is elsewhere. */
const SPOILT_TRIES = 3;

const ORDER: Record<EntryKind, number> = { consent: 0, story: 1, quote: 2, photo: 3, recording: 4 };
const MUST_FOLLOW: Record<EntryKind, EntryKind[]> = {
  consent: [],
  story: ['consent'],
  quote: ['consent', 'story'],
  photo: ['consent', 'story'],
  recording: ['consent', 'story'],
};

/**
 * The entry to send now, or null. Oldest story first, and within it consent, story, quotes, media.
 * A story's entries wait for its consent and its story to be stored; nothing else waits for anything.
 */
export function nextEntry<Entry extends EntryStanding>(entries: readonly Entry[], now: number): Entry | null {
  const ready = entries.filter(
    (entry) => entry.state === 'waiting' && entry.nextTryAt <= now && !isBlocked(entry, entries),
  );
  return ready.sort(bySending)[0] ?? null;
}

/** After so many looks the machine that staged a file may be gone: announcing it again lets it start anew. */
const LOOKS_AT_STORING = 8;

/** Whether the server has the whole file and only needs time. */
export function isBeingStored(entry: EntryStanding, answer: Answer): boolean {
  return answer.kind === 'later' && answer.code === 'being_stored' && entry.attempts < LOOKS_AT_STORING;
}

/** True while something that must arrive first has not. */
export function isBlocked(entry: EntryStanding, entries: readonly EntryStanding[]): boolean {
  return entries.some(
    (other) =>
      other.storyId === entry.storyId &&
      other.state !== 'stored' &&
      MUST_FOLLOW[entry.kind].includes(other.kind),
  );
}

/** When the next unblocked entry may be tried, in Unix milliseconds; null when none waits. */
export function nextTryAt(entries: readonly EntryStanding[]): number | null {
  const times = entries
    .filter((entry) => entry.state === 'waiting' && !isBlocked(entry, entries))
    .map((entry) => entry.nextTryAt);
  return times.length === 0 ? null : Math.min(...times);
}

function bySending(a: EntryStanding, b: EntryStanding): number {
  // Ids are UUIDv7, so their order is the order in which the stories were made.
  return (
    a.storyId.localeCompare(b.storyId) || ORDER[a.kind] - ORDER[b.kind] || a.position - b.position
  );
}

/** The entry after one try. `chance` is 0 to 1 and spreads phones that come back at the same moment. */
export function afterAnswer(entry: OutboxEntry, answer: Answer, now: number, chance: number): OutboxEntry {
  switch (answer.kind) {
    case 'receipt':
      return afterReceipt(entry, answer.receipt, now, chance);
    case 'withdrawn':
      return { ...entry, state: 'withdrawn', code: 'withdrawn', message: null };
    case 'signed_out':
      return { ...entry, state: 'needs_sign_in', code: 'signed_out', message: null };
    case 'refused':
      if (answer.code === 'hash_mismatch' && entry.attempts + 1 < SPOILT_TRIES)
        return later({ ...entry, sentBytes: 0 }, answer.code, answer.message, now, chance);
      return { ...entry, state: 'refused', attempts: entry.attempts + 1, ...why(answer) };
    case 'later':
      return later(entry, answer.code, answer.message, now, chance);
  }
}

/** Only a receipt for the same bytes of the same thing lets an entry count as stored. */
function afterReceipt(entry: OutboxEntry, receipt: Receipt, now: number, chance: number): OutboxEntry {
  if (receipt.id !== entry.id || receipt.sha256 !== entry.sha256)
    return later(entry, 'receipt_mismatch', null, now, chance);
  return {
    ...entry,
    state: 'stored',
    code: null,
    message: null,
    sentBytes: entry.bytes,
    receivedAt: receipt.receivedAt,
    notices: receipt.notices,
  };
}

function later(
  entry: OutboxEntry,
  code: Code,
  message: string | null,
  now: number,
  chance: number,
): OutboxEntry {
  // Waiting for the server to put a file away is no failure: the first look comes soon.
  const isNews = code === 'being_stored' && entry.code !== code;
  const attempts = isNews ? 0 : entry.attempts;
  const nextTry = now + (isNews ? SOON_MS : waitAfter(attempts, chance));
  return { ...entry, state: 'waiting', attempts: attempts + 1, nextTryAt: nextTry, code, message };
}

function why(answer: { code: Code; message: string | null }): Pick<OutboxEntry, 'code' | 'message'> {
  return { code: answer.code, message: answer.message };
}

/** Milliseconds to wait after so many failures: doubling from 2 s to 5 min, between half and whole. */
export function waitAfter(failures: number, chance: number): number {
  const whole = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 20));
  return Math.round(whole * (0.5 + chance / 2));
}

/** The entry as it is when somebody asks to try it again, or when its sender was cut off. */
export function readyAgain<Entry extends EntryStanding>(entry: Entry): Entry {
  if (entry.state === 'stored' || entry.state === 'withdrawn') return entry;
  return { ...entry, state: 'waiting', attempts: 0, nextTryAt: 0, code: null, message: null };
}
