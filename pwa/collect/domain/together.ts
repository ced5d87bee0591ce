import { noAnswers, USES, type Answers, type ConsentRecord, type Use } from './consent';
import { agreedUses, AUDIENCES, BEFORE_ANY_END, decide, stillToAgree, type Audience, type Content, type History } from './consent-decision';
import type { Participant } from './participant';

/** What those who tell a story agree to together, and who stands in the way of the rest. */
export interface Together {
  /** What all of them agree to. Nobody has agreed to nothing. */
  answers: Answers;
  /** The uses that some of them agree to: by name who does, and whose yes is missing. */
  open: { use: Use; yes: string[]; missing: string[] }[];
  /** What each audience can have; nothing for one that not all of them agree to. */
  reaches: { audience: Audience; contents: Content[] }[];
}

export type Told = Pick<Participant, 'id' | 'pseudonym'>;
export type Answered = Pick<ConsentRecord, 'participantId'> & { answers: Partial<Answers> };

/**
 * By the rule of consent, from the answers that are on this phone. When a yes ends is left to the server: a phone that
 * finds the right time in the middle of a conversation must not take it for years.
 */
export function together(participants: readonly Told[], consents: readonly Answered[]): Together {
  const history = historyOf(participants, consents);
  const agreed = agreedUses(history, BEFORE_ANY_END);
  const missing = stillToAgree(history, BEFORE_ANY_END);
  const answers = noAnswers();
  for (const use of agreed) answers[use] = true;
  const open = USES.map((use) => ({
    use,
    yes: participants.filter(({ id }) => !missing[use].includes(id)).map(({ pseudonym }) => pseudonym),
    missing: participants.filter(({ id }) => missing[use].includes(id)).map(({ pseudonym }) => pseudonym),
  })).filter(({ yes, missing: waits }) => yes.length > 0 && waits.length > 0);
  const cleared = decide(history);
  const reaches = AUDIENCES.map((audience) => ({
    audience,
    contents: cleared.filter((one) => one.audience === audience).map(({ content }) => content),
  }));
  return { answers, open, reaches };
}

/** One answer is the newest of its person here: whoever is asked again has theirs in another story. */
function historyOf(participants: readonly Told[], consents: readonly Answered[]): History {
  const records = consents.map(({ participantId, answers }, sequence) => ({
    sequence,
    participantId: participantId ?? null,
    givenAt: 0,
    agreed: USES.filter((use) => answers[use] === true),
    until: {},
  }));
  return { records, participants: participants.map(({ id }) => id), withdrawals: [], isUnderEmbargo: false };
}
