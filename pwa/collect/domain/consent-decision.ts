import { USES, type Use } from './consent';

/**
 * The rule of consent as `server/domain/consent.py` has it; `tests/contract/consent.json` holds both to the same cases.
 * The default is no, also where it is in doubt which answer is the newest. What several people told is theirs together:
 * a use holds when every one of them agrees to it, for as long as all of them do.
 */

/** Microseconds since 1970, as the server counts; `FOREVER` for an end that never comes. */
export type Instant = number;

export const FOREVER: Instant = Infinity;
/** An end that has always been: no. */
const NEVER: Instant = -Infinity;
/** A moment at which no yes has ended. */
export const BEFORE_ANY_END: Instant = NEVER;

/** One agreement. `sequence` is the order of arrival; `participantId` is null where it does not say whose it is. */
export interface Said {
  sequence: number;
  participantId: string | null;
  givenAt: Instant;
  agreed: readonly Use[];
  /** When a yes ends; one that is not in it has no end. */
  until: Partial<Record<Use, Instant>>;
}

/** How much of a story is withdrawn, from the least to the most. */
export type Scope = 'no_new_use' | 'words_only' | 'anonymous' | 'erase';

/** Everything that bears on what may be done with one story; `participants` are the ids of those who told it. */
export interface History {
  records: readonly Said[];
  participants: readonly string[];
  withdrawals: readonly Scope[];
  isUnderEmbargo: boolean;
}

/** How one person's agreement to one use stands. */
export type Standing = 'granted' | 'refused' | 'expired' | 'withdrawn' | 'not_asked';
export type Standings = Record<Use, Standing>;

export const AUDIENCES = ['commissioners', 'board', 'publication'] as const;
export const CONTENTS = ['audio', 'words', 'quote', 'photo'] as const;
export type Audience = (typeof AUDIENCES)[number];
export type Content = (typeof CONTENTS)[number];

export interface Clearance {
  audience: Audience;
  content: Content;
  until: Instant;
}

/** What must be agreed to beside being shared with an audience, for it to have this. */
const NEEDED: Record<Content, readonly Use[]> = {
  audio: ['record'],
  words: ['record', 'transcribe'],
  quote: [],
  photo: ['photos'],
};
const VOICE_AND_FACE: readonly Use[] = ['record', 'photos'];
/** The uses that nobody's yes brings back once a story was withdrawn in this scope. */
const ENDED_BY: Record<Scope, readonly Use[]> = {
  no_new_use: USES,
  words_only: VOICE_AND_FACE,
  anonymous: [...VOICE_AND_FACE, 'transcribe'],
  erase: USES,
};

/** The uses that hold at this moment. */
export function agreedUses(history: History, now: Instant): Set<Use> {
  const [agreed, ended] = [byAll(history), endedUses(history)];
  return new Set(USES.filter((use) => !ended.has(use) && now < agreed[use]));
}

/** What may reach whom, and until when. Publications carry words alone: no voice, no photo, no name. */
export function decide(history: History): Clearance[] {
  const ended = endedUses(history);
  if (history.isUnderEmbargo || ended.size === USES.length) return [];
  const agreed = byAll(history);
  const withoutVoice = VOICE_AND_FACE.some((use) => ended.has(use));
  const all = AUDIENCES.flatMap((audience) => CONTENTS.map((content) => {
    const isVoiceOrFace = content === 'audio' || content === 'photo';
    const isLeftOut = isVoiceOrFace && (withoutVoice || audience === 'publication');
    // To be shared with an audience is a use of the same name.
    const ends = [audience, ...NEEDED[content]].map((use) => agreed[use]);
    return { audience, content, until: isLeftOut ? NEVER : Math.min(...ends) };
  }));
  return all.filter(({ until }) => until > NEVER);
}

/** How each person's agreement to each use stands: who stands in the way of what. Null is for records of nobody. */
export function standings(history: History, now: Instant): Map<string | null, Standings> {
  const ended = endedUses(history);
  return new Map(people(history).map((person) => [person, standingsOf(theirs(person, history), ended, now)]));
}

/** Whose yes a use still waits for; nobody's where it holds, or where a withdrawal ended it for good. */
export function stillToAgree(history: History, now: Instant): Record<Use, (string | null)[]> {
  const [stands, ended] = [[...standings(history, now)], endedUses(history)];
  const waits = (use: Use): (string | null)[] =>
    ended.has(use) ? [] : stands.flatMap(([person, all]) => (all[use] === 'granted' ? [] : [person]));
  return forEachUse(waits);
}

function forEachUse<T>(of: (use: Use) => T): Record<Use, T> {
  return Object.fromEntries(USES.map((use) => [use, of(use)])) as Record<Use, T>;
}

function endedUses({ withdrawals }: History): Set<Use> {
  return new Set(withdrawals.flatMap((scope) => ENDED_BY[scope]));
}

function standingsOf(records: readonly Said[], ended: ReadonlySet<Use>, now: Instant): Standings {
  const ends = ofOne(records);
  return forEachUse((use) => {
    const agreedOnce = records.some(({ agreed }) => agreed.includes(use));
    if (records.length === 0) return 'not_asked';
    if (!agreedOnce) return 'refused';
    if (ended.has(use) || ends[use] === NEVER) return 'withdrawn';
    return now < ends[use] ? 'granted' : 'expired';
  });
}

/** What everybody whose agreement is needed agrees to, until the first of their ends. */
function byAll(history: History): Record<Use, Instant> {
  const ends = people(history).map((person) => ofOne(theirs(person, history)));
  return forEachUse((use) => (ends.length === 0 ? NEVER : Math.min(...ends.map((one) => one[use]))));
}

/**
 * Whose agreement is needed: those who told it in their order, then whoever else was asked. Null is for records in a
 * story of several that do not say whose they are: they speak for the whole story, beside everybody's own.
 */
function people({ records, participants }: History): (string | null)[] {
  const asked = new Set(records.map(({ participantId }) => participantId));
  const others = [...asked].filter((person) => person !== null && !participants.includes(person)).sort();
  return [...participants, ...others, ...(asked.has(null) && participants.length !== 1 ? [null] : [])];
}

/** In a story of one person a record that names nobody is theirs. */
function theirs(person: string | null, { records, participants }: History): Said[] {
  const isAlone = participants.length === 1 && participants[0] === person;
  return records.filter(({ participantId }) => participantId === person || (isAlone && participantId === null));
}

/**
 * What one person agrees to, and until when. Clocks lie, so two signs say which record is the newest: when it was given
 * and when it arrived. Where they differ, a use holds only when every record that may be the newest agrees to it.
 */
function ofOne(records: readonly Said[]): Record<Use, Instant> {
  const newest = records.filter((record) => !records.some((other) => follows(other, record)));
  const holdsUntil = ({ agreed, until }: Said, use: Use): Instant => (agreed.includes(use) ? (until[use] ?? FOREVER) : NEVER);
  return forEachUse((use) => (newest.length === 0 ? NEVER : Math.min(...newest.map((record) => holdsUntil(record, use)))));
}

/** Whether `other` was given no earlier and arrived later, so that it takes the place of `record`. */
function follows(other: Said, record: Said): boolean {
  return other.givenAt >= record.givenAt && other.sequence > record.sequence;
}

/** A moment in ISO 8601 with an offset, to the microsecond, which `Date` drops. */
export function instantOf(iso: string): Instant {
  const micros = /[.,]\d{3}(\d{1,3})/.exec(iso)?.[1] ?? '';
  return Date.parse(iso) * 1000 + Number(micros.padEnd(3, '0'));
}
