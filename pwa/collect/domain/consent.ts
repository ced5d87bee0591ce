/** The uses a participant can agree to, in the order they are asked. */
export const USES = ['record', 'transcribe', 'commissioners', 'board', 'publication', 'photos'] as const;

export type Use = (typeof USES)[number];
export type Answers = Record<Use, boolean>;
export type How = 'spoken' | 'signed' | 'ticked';
export type ForWhom = 'self' | 'child' | 'adult';

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
}

export interface MayCapture {
  recording: boolean;
  photos: boolean;
  quotes: boolean;
  /** True when at least one kind may be captured. */
  anything: boolean;
}

/** What may be captured under these answers: the rule the server applies when the parts arrive. */
export function mayCapture(answers: Answers): MayCapture {
  const recording = answers.record;
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
