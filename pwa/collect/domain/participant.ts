import type { Answers, EvidenceFile, ForWhom, How } from './consent';
import type { WordingText } from './wording';

/** What somebody says of themselves, if they like. One of the two may be empty, and never both. */
export interface SelfDescription {
  /** 0 to 500 characters. */
  ownWords: string;
  /** The ids of those groups of the project that they said they belong to. */
  groups: string[];
}

/** Somebody who tells a story, and the code that they keep. */
export interface Participant {
  id: string;
  pseudonym: string;
  /** Left out where they said nothing of themselves. */
  said?: SelfDescription;
  /** 26 characters of Crockford base32. */
  receiptCode: string;
}

/** What one participant agreed to and how, as a screen hands it over. */
export interface Agreement {
  participantId: string;
  /** 1 to 80 characters, like no other in the story. */
  pseudonym: string;
  /** Exactly what was shown. */
  text: WordingText;
  answers: Answers;
  how: How;
  forWhom: ForWhom;
  /** Who agreed on their behalf, such as `mother`; empty when they did. */
  agreedBy: string;
  interpreter: string;
  witness: string;
  evidence: EvidenceFile | null;
  said?: SelfDescription;
}

/** As many as one story can have. */
export const MOST_PARTICIPANTS = 40;
/** As long as a description of oneself can be. */
export const OWN_WORDS_LETTERS = 500;

/** What somebody said of themselves; undefined where that is nothing. */
export function saidOf(ownWords: string, groups: readonly string[]): SelfDescription | undefined {
  return ownWords || groups.length > 0 ? { ownWords, groups: [...groups] } : undefined;
}

/** True when nobody else is called so: two of one name could not be told apart by those who read. */
export function isFreeName(name: string, others: readonly string[]): boolean {
  return !others.some((other) => plain(other) === plain(name));
}

function plain(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLocaleLowerCase();
}
