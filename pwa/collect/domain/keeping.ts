import type { EntryStanding } from './outbox';

/** How long a file stays on the phone after the server has it, where its project does not say. */
export const USUAL_KEEP_HOURS = 24;
const HOUR_MS = 60 * 60_000;

/** True for a file that is still here although the server has confirmed the same bytes. */
export function isKept(entry: EntryStanding): boolean {
  return entry.state === 'stored' && typeof entry.keptSince === 'number';
}

/**
 * The last state of a file: confirmed by its receipt, and kept for as long as its project wishes.
 * A clock that was put back since only makes it stay longer, and no longer than that once more.
 */
export function isDeletable(entry: EntryStanding, keepHours: number, now: number): boolean {
  return isKept(entry) && now - entry.keptSince! >= keepHours * HOUR_MS;
}

/** A file kept since a time that is still to come: the clock was put right, so it is kept from now on. */
export function keptFromNow<Entry extends EntryStanding>(entry: Entry, now: number): Entry {
  return isKept(entry) && entry.keptSince! > now ? { ...entry, keptSince: now } : entry;
}
