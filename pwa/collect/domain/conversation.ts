import { EVIDENCE_OF, refusesAll, USES, type Answers, type EvidenceFile, type ForWhom, type How } from './consent';
import type { ConsentRecord, Reading } from './consent';
import { uuidv7 } from './ids';
import { isFreeName, type Agreement, type Participant, type SelfDescription } from './participant';
import type { Sitting, Story, StoryDraft } from './story';
import { together, type Together } from './together';
import { textIn, textsOf, type Wording, type WordingText } from './wording';

/** One person while they are asked, as far as they have answered. */
export interface PersonAsked {
  id: string;
  pseudonym: string;
  /** The language and reading they chose; null until then. */
  language: string | null;
  reading: Reading | null;
  answers: Partial<Answers>;
  forWhom: ForWhom | undefined;
  agreedBy: string;
  interpreter: string;
  witness: string;
  how: How | undefined;
  evidence: EvidenceFile | null;
  /** What showed it was for other answers than they give now, and must be given again. An older app never says so. */
  outdated?: boolean;
  /** It was read back to them as it is now, and they said that it is right. */
  confirmed: boolean;
  /** What they say of themselves, once they have agreed and if they like; an older app never asked. */
  said?: SelfDescription;
  /** They said all this before somebody else came, and are only asked whether it still holds. */
  again: boolean;
}

/** What the name of every conversation that is not finished begins with; an older app kept one under just this. */
export const UNFINISHED = 'conversation';

/** A conversation before its consent is confirmed. */
export interface Conversation {
  /** Its own name among what is not finished, so that none is ever written over another. */
  keptAs: string;
  projectId: string;
  /** The wording as it was when the conversation began: the one that is read aloud and agreed to. */
  wording: Wording;
  isGroup: boolean | undefined;
  /** What the group is called; empty for one person. */
  name: string;
  place: string;
  people: PersonAsked[];
  /** Who of them is asked now. */
  at: number;
  /** The texts whose introduction was read, each by `nameOf`. */
  heard: string[];
  withoutRecording: boolean;
  /** The sitting that this goes on with; null for a new one. */
  sitting: Sitting | null;
}

export function newConversation(projectId: string, wording: Wording): Conversation {
  return {
    keptAs: `${UNFINISHED}:${uuidv7()}`, projectId, wording, isGroup: undefined, name: '', place: '', people: [newPerson()], at: 0, heard: [],
    withoutRecording: false, sitting: null,
  };
}

export function newPerson(): PersonAsked {
  return {
    id: uuidv7(), pseudonym: '', language: null, reading: null, answers: {}, forWhom: undefined, agreedBy: '',
    interpreter: '', witness: '', how: undefined, evidence: null, confirmed: false, again: false,
  };
}

/** Somebody was named: answers that are never thrown away unasked. */
export function isNamed({ name, people }: Conversation): boolean {
  return name !== '' || people.some(({ pseudonym }) => pseudonym !== '');
}

/** What somebody reads or hears: in the language and reading they chose, or in the main one. */
export function textFor({ wording }: Conversation, { language, reading }: PersonAsked): WordingText {
  const texts = textsOf(wording);
  return textIn(texts, language ?? texts[0]!.language, reading ?? 'full');
}

export function nameOf({ language, reading }: WordingText): string {
  return `${language}/${reading}`;
}

/** Whether the language or the reading is still to be chosen. */
export function mustChooseText({ wording }: Conversation, { language, reading }: PersonAsked): boolean {
  return textsOf(wording).length > 1 && (language === null || reading === null);
}

/** What shows how they agreed is there, or nothing needs to be. Who heard a statement may stand in for it. */
export function isShown({ how, evidence, witness }: PersonAsked): boolean {
  if (!how) return false;
  const kind = EVIDENCE_OF[how];
  return kind === null || evidence?.kind === kind || (how === 'spoken' && witness.trim() !== '');
}

/** What somebody signs, says or puts on paper is for just this, and in just these words. */
export function saysTheSame(one: PersonAsked, other: PersonAsked): boolean {
  const said = ['language', 'reading', 'forWhom', 'agreedBy'] as const;
  return said.every((what) => one[what] === other[what]) && USES.every((use) => one.answers[use] === other.answers[use]);
}

/**
 * Somebody after a change, which must be checked with them again. What showed that they agreed to something else is
 * gone, as is who heard them say it.
 */
export function changed(person: PersonAsked, change: Partial<PersonAsked>): PersonAsked {
  const after = { ...person, confirmed: false, ...change };
  const gone = !saysTheSame(person, after) && (person.evidence !== null || (isShown(person) && person.how !== 'ticked'));
  if (gone) [after.evidence, after.witness] = [null, after.how === 'spoken' ? '' : after.witness];
  return { ...after, outdated: (gone || person.outdated === true) && !isShown(after) };
}

/** The first use that somebody was not asked about, counted from 0; -1 when there is none. */
export function firstUnanswered({ wording }: Conversation, { answers }: PersonAsked): number {
  return wording.uses.findIndex(({ use }) => answers[use] === undefined);
}

/** Every question has its answer, so that all of it can be read back to them. */
export function isComplete(conversation: Conversation, person: PersonAsked): boolean {
  const { pseudonym, forWhom, agreedBy } = person;
  const whose = forWhom === 'self' || (forWhom !== undefined && agreedBy.trim() !== '');
  return pseudonym !== '' && whose && isShown(person) && firstUnanswered(conversation, person) < 0;
}

/** What all who are asked agree to, as far as they have answered, and who stands in the way of the rest. */
export function agreedByAll({ people }: Conversation): Together {
  return together(people, people.map(({ id, answers }) => ({ participantId: id, answers })));
}

/** What to save, or null while an answer is missing, somebody has not confirmed theirs, or two have one name. */
export function draftOf(conversation: Conversation): StoryDraft | null {
  const { keptAs, people, wording, isGroup, name, place, withoutRecording, sitting } = conversation;
  const names = people.map(({ pseudonym }) => pseudonym);
  const free = names.every((one, at) => isFreeName(one, names.slice(0, at)));
  const ready = people.every((person) => isComplete(conversation, person) && (person.confirmed || !isGroup));
  const pseudonym = isGroup ? name : (names[0] ?? '');
  if (people.length === 0 || !pseudonym || !free || !ready) return null;
  const agreements = people.map((person) => agreementOf(conversation, person));
  return { keptAs, wordingId: wording.id, months: wording.months ?? null, pseudonym, place, agreements, withoutRecording, conversation: sitting };
}

/** True when somebody was asked everything and wants no part in it. */
export function wantsNoPart(person: PersonAsked): boolean {
  return refusesAll(person.answers);
}

/** The same sitting once somebody has come: all are asked again, with what they said before already filled in. */
export function joinedBy(
  story: Pick<Story, 'conversationId' | 'toldAt' | 'startedAt' | 'pseudonym' | 'place' | 'projectId' | 'withoutRecording'>,
  participants: readonly Participant[],
  consents: readonly ConsentRecord[],
  wording: Wording,
): Conversation {
  const before = participants.map(({ id, pseudonym, said }) => {
    const consent = consents.find(({ participantId }) => (participantId ?? '') === id);
    return { ...newPerson(), pseudonym, said, ...(consent?.wordingId === wording.id && askedBefore(consent)) };
  });
  return {
    ...newConversation(story.projectId, wording),
    isGroup: true,
    name: participants.length > 1 ? story.pseudonym : '',
    place: story.place,
    people: [...before, newPerson()],
    at: before.length,
    withoutRecording: story.withoutRecording ?? false,
    sitting: { id: story.conversationId, startedAt: story.startedAt ?? story.toldAt },
  };
}

function askedBefore(consent: ConsentRecord): Partial<PersonAsked> {
  return {
    language: consent.language ?? null,
    reading: consent.reading ?? null,
    answers: consent.answers,
    forWhom: consent.forWhom,
    agreedBy: consent.agreedBy ?? '',
    interpreter: consent.interpreter ?? '',
    how: 'ticked',
    again: true,
  };
}

function agreementOf(conversation: Conversation, person: PersonAsked): Agreement {
  const { id, pseudonym, answers, how, forWhom, agreedBy, interpreter, witness, evidence, said } = person;
  return {
    participantId: id,
    pseudonym,
    text: textFor(conversation, person),
    answers: answers as Answers,
    how: how!,
    forWhom: forWhom!,
    agreedBy: forWhom === 'self' ? '' : agreedBy,
    interpreter,
    witness,
    evidence: evidence?.kind === EVIDENCE_OF[how!] ? evidence : null,
    ...(said && { said }),
  };
}
