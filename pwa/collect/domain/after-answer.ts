import type { Answer, Receipt } from './answer';
import type { Code } from './codes';
import { isMedia } from './entry-kinds';
import { waitAfter, type EntryStanding, type OutboxEntry } from './outbox';
import { isNotTaken } from './taken-back';

const SOON_MS = 1_000;
/** Bytes can be spoilt on the way; after this many times the fault is elsewhere. */
const SPOILT_TRIES = 3;
/** After so many looks the machine that staged a file may be gone: announcing it again lets it start anew. */
const LOOKS_AT_STORING = 8;

/** The entry after one try. `chance` is 0 to 1 and spreads phones that come back at the same moment. */
export function afterAnswer(entry: OutboxEntry, answer: Answer, now: number, chance: number): OutboxEntry {
  switch (answer.kind) {
    case 'receipt':
      return afterReceipt(entry, answer.receipt, now, chance);
    case 'withdrawn':
      return { ...entry, state: 'withdrawn', code: 'withdrawn', message: null };
    case 'signed_out':
      return { ...entry, state: 'needs_sign_in', code: 'signed_out', message: null };
    case 'revoked':
      return { ...entry, state: 'waiting', code: 'device_revoked', message: null };
    case 'refused':
      // It hangs on who is signed in, and whoever is there next may be heard.
      if (isNotTaken({ ...entry, code: answer.code })) return triedLater(entry, answer.code, answer.message, now, chance);
      if (answer.code === 'hash_mismatch' && entry.attempts + 1 < SPOILT_TRIES)
        return triedLater({ ...entry, sentBytes: 0 }, answer.code, answer.message, now, chance);
      if (answer.code === 'damaged_on_phone') return neverThere(parked(entry, answer.code));
      return parked(entry, answer.code, answer.message);
    case 'later':
      return triedLater(entry, answer.code, answer.message, now, chance);
  }
}

/** The entry once it is known that trying it again by itself would be pointless: it stays until somebody acts. */
export function parked<Entry extends EntryStanding>(entry: Entry, code: Code, message: string | null = null): Entry {
  return { ...entry, state: 'refused', attempts: entry.attempts + 1, code, message };
}

/** What cannot be read here was asked after first: the server has none of it, however often it was tried. */
function neverThere(entry: OutboxEntry): OutboxEntry {
  return { ...entry, sentBytes: 0, triedAt: undefined };
}

/** Whether the server has the whole file and only needs time. */
export function isBeingStored(entry: EntryStanding, answer: Answer): boolean {
  return answer.kind === 'later' && answer.code === 'being_stored' && entry.attempts < LOOKS_AT_STORING;
}

/** Only a receipt for the same bytes of the same thing lets an entry count as stored. */
function afterReceipt(entry: OutboxEntry, receipt: Receipt, now: number, chance: number): OutboxEntry {
  if (receipt.id !== entry.id || receipt.sha256 !== entry.sha256)
    return triedLater(entry, 'receipt_mismatch', null, now, chance);
  return {
    ...entry,
    state: 'stored',
    code: null,
    message: null,
    sentBytes: entry.bytes,
    receivedAt: receipt.receivedAt,
    notices: receipt.notices,
    keptSince: isMedia(entry.kind) ? now : null,
  };
}

/** What stopped a try before the server could answer it: no failure, and nothing to wait out. */
const NO_TRY = new Set<Code>(['locked', 'overtaken']);

/** The entry after a try that did not end it: it waits for the next one. */
export function triedLater<Entry extends EntryStanding>(
  entry: Entry,
  code: Code,
  message: string | null,
  now: number,
  chance: number,
): Entry {
  if (NO_TRY.has(code)) return { ...entry, state: 'waiting', nextTryAt: 0, code: code === 'locked' ? code : null, message };
  // Waiting for the server to put a file away is no failure: the first look comes soon.
  const isNews = code === 'being_stored' && entry.code !== code;
  const attempts = isNews ? 0 : entry.attempts;
  const nextTry = now + (isNews ? SOON_MS : waitAfter(attempts, chance));
  return { ...entry, state: 'waiting', attempts: attempts + 1, nextTryAt: nextTry, code, message };
}
