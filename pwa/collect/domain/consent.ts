/** The uses a participant can agree to, in the order they are asked. */
export const USES = ['record', 'transcribe', 'commissioners', 'board', 'publication', 'photos'] as const;

export type Use = (typeof USES)[number];
export type Answers = Record<Use, boolean>;
/** Tapped here, signed on the screen, said aloud, or written on paper that was photographed. */
export type How = 'ticked' | 'signed' | 'spoken' | 'paper';
export type ForWhom = 'self' | 'child' | 'adult';
/** Wordings are read in full, or in short sentences of one idea each, beside pictures. */
export type Reading = 'full' | 'easy';
export type EvidenceKind = 'signature' | 'spoken' | 'paper';

/** What shows that somebody agreed, as their consent names it. */
export interface Evidence {
  id: string;
  kind: EvidenceKind;
  /** Hex SHA-256 of the whole file. */
  sha256: string;
}

/** The file of it, as it is kept and sent. */
export interface EvidenceFile extends Evidence {
  type: string;
  size: number;
  /** ISO 8601 with offset. */
  madeAt: string;
}

export interface ConsentRecord {
  id: string;
  projectId: string;
  storyId: string;
  wordingId: string;
  answers: Answers;
  how: How;
  forWhom: ForWhom;
  /** ISO 8601 with offset. */
  givenAt: string;
  /** Whose it is. This and what follows is left out where it says nothing, and by earlier apps. */
  participantId?: string;
  /** The very words that were read: hex SHA-256 of `hashedWords`, their language (BCP 47) and reading. */
  wordingSha256?: string;
  language?: string;
  reading?: Reading;
  /** For how many months a yes lasts, as they were told; for good where it is left out. It is never sent. */
  months?: number;
  /** Who agreed on their behalf, such as `mother`; empty when they did. */
  agreedBy?: string;
  interpreter?: string;
  witness?: string;
  evidence?: Evidence | null;
}

/** What shows an agreement that was given in this way. */
export const EVIDENCE_OF: Record<How, EvidenceKind | null> = {
  ticked: null,
  signed: 'signature',
  spoken: 'spoken',
  paper: 'paper',
};

export interface MayCapture {
  recording: boolean;
  photos: boolean;
  quotes: boolean;
  /** True when at least one kind may be captured. */
  anything: boolean;
}

/**
 * What may be captured under these answers: the rule the server applies when the parts arrive. Nothing is recorded
 * where somebody in the room must not be heard.
 */
export function mayCapture(answers: Answers, withoutRecording = false): MayCapture {
  const recording = answers.record && !withoutRecording;
  const photos = answers.photos;
  const quotes = answers.commissioners || answers.board || answers.publication;
  return { recording, photos, quotes, anything: recording || photos || quotes };
}

/** Every use refused: nobody has agreed to anything until they say so. */
export function noAnswers(): Answers {
  return {
    record: false,
    transcribe: false,
    commissioners: false,
    board: false,
    publication: false,
    photos: false,
  };
}

/** True when somebody was asked everything and said no each time. */
export function refusesAll(answers: Partial<Answers>): boolean {
  return USES.every((use) => answers[use] === false);
}
