import type { Code } from './codes';
import { readyAgain, type EntryStanding } from './outbox';
import type { KnownPerson, Person } from './project';

/** What the news of a story that was taken back waits for, so that no more is promised than will come true. */
export type WaitsFor =
  /** An administrator shut this phone out. */
  | 'shut_out'
  /** The server would not have it, whoever sends it. */
  | 'refused'
  /** What is kept of it here cannot be read, so that no server was asked. */
  | 'damaged'
  | 'signed_out'
  /** The server does not take it from whoever is signed in, who did not collect the story. */
  | 'not_taken'
  /** The same, from the one who did. */
  | 'left'
  /** The server has ended the story, and wants to hear of it again once that is written down outside its database. */
  | 'once_more'
  | 'locked'
  /** Whoever is signed in did not collect the story, and the server has not been asked yet. */
  | 'asked_for_another'
  | 'server';

/** A story taken back on this phone, of which the server has not heard yet. Nothing of it is here. */
export interface TakenBack {
  entryId: string;
  storyId: string;
  /** When it was taken back (ISO 8601). */
  at: string;
  waitsFor: WaitsFor;
  /** Who collected it; empty where this phone does not know their name. */
  collector: string;
  code: Code | null;
  message: string | null;
}

/** How the phone stands. */
export interface Phone {
  /** Everybody it knows by name. */
  people: readonly KnownPerson[];
  person: Person | null;
  signInNeeded: boolean;
  revoked: boolean;
  locked: boolean;
}

const NEEDS_SOMEBODY = new Set<WaitsFor>(['shut_out', 'refused', 'damaged', 'signed_out', 'not_taken', 'left']);

/** Those that the server has not heard of, oldest first. */
export function takenBack(entries: readonly EntryStanding[], phone: Phone): TakenBack[] {
  const waiting = entries.filter(({ kind, state }) => kind === 'withdrawal' && state !== 'stored');
  return waiting.sort((a, b) => a.id.localeCompare(b.id)).map((entry) => ({
    entryId: entry.id,
    storyId: entry.storyId,
    at: entry.createdAt,
    waitsFor: waitsFor(entry, phone),
    collector: phone.people.find(({ id }) => id === entry.personId)?.name ?? '',
    code: entry.code,
    message: entry.message,
  }));
}

/** Whether it stays here until a person does something. */
export function needsSomebody({ waitsFor }: TakenBack): boolean {
  return NEEDS_SOMEBODY.has(waitsFor);
}

function waitsFor(entry: EntryStanding, { person, signInNeeded, revoked, locked }: Phone): WaitsFor {
  const isOwn = entry.personId === person?.id;
  if (entry.state === 'refused' && entry.code === 'damaged_on_phone') return 'damaged';
  if (revoked || entry.code === 'device_revoked') return 'shut_out';
  if (entry.state === 'refused') return 'refused';
  if (!person || signInNeeded || entry.code === 'signed_out') return 'signed_out';
  if (isNotTaken(entry)) return isOwn ? 'left' : 'not_taken';
  if (entry.code === 'held') return 'once_more';
  if (locked) return 'locked';
  return isOwn ? 'server' : 'asked_for_another';
}

/** What a server answers about a story that is not the sender's to withdraw. */
export function isNotTaken({ kind, code }: Pick<EntryStanding, 'kind' | 'code'>): boolean {
  return kind === 'withdrawal' && code === 'not_found';
}

/** A withdrawal on a phone that was shut out says so for as long as that lasts, with no signal too. */
export function shutOut<Entry extends EntryStanding>(entry: Entry): Entry {
  if (entry.kind !== 'withdrawal' || entry.state === 'refused' || entry.code === 'device_revoked') return entry;
  return { ...readyAgain(entry), code: 'device_revoked' };
}

/** Whether what held a withdrawal up is over, once the server has said who is signed in. */
export function isFreed(entry: EntryStanding, isAnother: boolean): boolean {
  return entry.kind === 'withdrawal' && (entry.code === 'device_revoked' || (isAnother && isNotTaken(entry)));
}
