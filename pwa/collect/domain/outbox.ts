import type { Code } from './codes';
import { isMedia, mustFollow, placeInOrder, type EntryKind } from './entry-kinds';
import type { Notice } from './story';

export type { EntryKind } from './entry-kinds';
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
  /** Since when a file is kept although the server has it, in Unix milliseconds; nothing before that and after. */
  keptSince?: number | null;
  /** How long its project wished for a file to be kept when its receipt came, in hours; left out where nobody knew. */
  keepHours?: number;
  /** Somebody asked for it to go without waiting for Wi-Fi. */
  anyLine?: boolean;
  /**
   * When sending it was last begun, in Unix milliseconds: from then on the server may have it. Cleared only where it
   * turned out to be damaged here, and the server to have none of it.
   */
  triedAt?: number;
}

/** Something the server has not confirmed yet, or has. */
export interface OutboxEntry extends EntryStanding {
  /** Hex SHA-256 of exactly what is sent: `body`, or the whole file. */
  sha256: string;
  /** The exact JSON sent; null for files. */
  body: string | null;
}

const FIRST_WAIT_MS = 2_000;
export const LONGEST_WAIT_MS = 5 * 60_000;

/**
 * The entry to send now, or null. Withdrawals go first, then the words of every story, then its media; the oldest
 * story first. What stands in another's way is only what that cannot be taken without: its consent and its story.
 * `mediaToo` is false while media must wait for Wi-Fi.
 */
export function nextEntry<Entry extends EntryStanding>(
  entries: readonly Entry[],
  now: number,
  mediaToo = true,
): Entry | null {
  const free = unblocked(entries).filter((entry) => isDue(entry, now) && (mediaToo || goesOnAnyLine(entry)));
  return free.reduce<Entry | null>((first, entry) => (first && bySending(first, entry) <= 0 ? first : entry), null);
}

/** When the next unblocked entry may be tried, in Unix milliseconds; null when none waits. */
export function nextTryAt(entries: readonly EntryStanding[], now: number, mediaToo = true): number | null {
  const times = unblocked(entries)
    .filter((entry) => mediaToo || goesOnAnyLine(entry))
    .map((entry) => (isDue(entry, now) ? now : entry.nextTryAt));
  return times.length === 0 ? null : Math.min(...times);
}

/** Media that would go now if the phone were on Wi-Fi. */
export function waitsForWifi(entry: EntryStanding): boolean {
  return entry.state === 'waiting' && !goesOnAnyLine(entry);
}

export function goesOnAnyLine(entry: EntryStanding): boolean {
  return !isMedia(entry.kind) || entry.anyLine === true;
}

/** Those that wait, less those whose consent or story has not arrived. */
function unblocked<Entry extends EntryStanding>(entries: readonly Entry[]): Entry[] {
  const missing = new Set(
    entries.filter(({ state }) => state !== 'stored').map(({ storyId, kind }) => `${storyId} ${kind}`),
  );
  const isBlocked = ({ storyId, kind }: Entry): boolean =>
    mustFollow(kind).some((earlier) => missing.has(`${storyId} ${earlier}`));
  return entries.filter((entry) => entry.state === 'waiting' && !isBlocked(entry));
}

/** A time further off than any wait was set by a clock that has been put right since. */
function isDue({ nextTryAt: time }: EntryStanding, now: number): boolean {
  return time <= now || time > now + LONGEST_WAIT_MS;
}

/** Ids are UUIDv7, so their order is the order in which the stories were made. */
function bySending(a: EntryStanding, b: EntryStanding): number {
  return (
    rank(a) - rank(b) ||
    a.storyId.localeCompare(b.storyId) ||
    placeInOrder(a.kind) - placeInOrder(b.kind) ||
    a.position - b.position ||
    a.id.localeCompare(b.id)
  );
}

/** True for what a file on its way must make room for: a withdrawal, and words. */
export function overtakes(entry: EntryStanding, sending: EntryStanding): boolean {
  return rank(entry) < rank(sending);
}

/** A few words are on the server in a moment; hours of sound must not hold them up. */
function rank({ kind }: EntryStanding): number {
  if (kind === 'withdrawal') return 0;
  return isMedia(kind) ? 2 : 1;
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

/** Everybody sends their own, and a withdrawal as well: no participant waits for one person to sign in. */
export function maySend(personId: string, entry: EntryStanding): boolean {
  return entry.kind === 'withdrawal' || entry.personId === personId;
}

/** The entry of somebody who may not send it now. What was refused or is done stays as it is. */
export function needsSignIn<Entry extends EntryStanding>(entry: Entry, code: 'signed_out' | 'other_person'): Entry {
  const already = entry.state === 'needs_sign_in' && entry.code === code;
  if (already || entry.state === 'stored' || entry.state === 'refused' || entry.state === 'withdrawn') return entry;
  return { ...entry, state: 'needs_sign_in', code, message: null };
}
