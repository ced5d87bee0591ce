import type { Answers, ForWhom, How, MayCapture } from './consent';
import type { Code } from './codes';

/** What a screen hands over to start a story: the consent and the little that names the story. */
export interface StoryDraft {
  wordingId: string;
  answers: Answers;
  how: How;
  forWhom: ForWhom;
  /** 1 to 80 characters. */
  pseudonym: string;
  /** 0 to 120 characters. */
  place: string;
}

export interface Story {
  id: string;
  projectId: string;
  /** The account that took the story; only that account sends it. */
  personId: string;
  conversationId: string;
  pseudonym: string;
  place: string;
  /** ISO 8601 with offset. */
  toldAt: string;
  /** 26 characters of Crockford base32: what the participant keeps. */
  receiptCode: string;
}

export interface Quote {
  id: string;
  storyId: string;
  text: string;
  writtenAt: string;
  position: number;
}

export interface Photo {
  id: string;
  storyId: string;
  size: number;
  type: 'image/jpeg';
  width: number;
  height: number;
  description: string;
  takenAt: string;
  position: number;
  /** True once the picture has been let go because the server holds it. */
  released: boolean;
}

export type RecordingEnd = 'stopped' | 'interrupted' | 'recovered' | 'failed';

export interface Recording {
  id: string;
  storyId: string;
  /** `open` until no more sound will be added. */
  state: 'open' | 'sealed';
  ended: RecordingEnd | null;
  type: string;
  startedAt: string;
  /** Sound on disk, in milliseconds; grows with every chunk. */
  durationMs: number;
  size: number;
  chunks: number;
  position: number;
  /** True once the sound has been let go because the server holds it. */
  released: boolean;
}

export type PartKind = 'recording' | 'photo' | 'quote';

/** Where one thing is: only here, on its way, confirmed by receipt, or needing somebody. */
export type PartState = 'open' | 'waiting' | 'sending' | 'stored' | 'refused' | 'needs_sign_in';

export interface PartView {
  id: string;
  kind: PartKind;
  storyId: string;
  state: PartState;
  /** Capture time, ISO 8601. */
  at: string;
  /** Bytes on this phone and bytes the server is known to hold so far. */
  bytes: number;
  sentBytes: number;
  /** Recordings only. */
  durationMs: number | null;
  ended: RecordingEnd | null;
  /** Quotes only. */
  text: string | null;
  /** Photos only. */
  description: string | null;
  problem: Problem | null;
}

/** Why something has not been sent. `message` is the server's own words, when it gave any. */
export interface Problem {
  code: Code;
  message: string | null;
}

/** `only_here` covers every story with a part the server has not confirmed and nothing wrong. */
export type StoryState = 'only_here' | 'sending' | 'stored' | 'needs_attention' | 'needs_sign_in';

export interface StoryView extends Story {
  projectName: string;
  answers: Answers;
  may: MayCapture;
  parts: PartView[];
  state: StoryState;
  /** Outbox entries of this story, its consent included. */
  total: number;
  unsent: number;
  /** The first thing that stands in the way, and the entry `retry` takes. */
  problem: (Problem & { entryId: string }) | null;
  /** What the server wanted said when it took something, such as a wrong clock. */
  notices: Notice[];
}

export interface Notice {
  code: string;
  message: string;
}
