import type { MayCapture } from './consent';
import type { Code } from './codes';
import type { Embargo } from './embargo';
import type { Agreement, Participant } from './participant';
import type { SegmentEnd } from './recording';
import type { Together } from './together';

/** What a screen hands over to start a story: who tells it, what they agreed to, and the little that names it. */
export interface StoryDraft {
  /** The name of the conversation it came from, which is forgotten with it. */
  keptAs?: string;
  wordingId: string;
  /** For how many months a yes lasts; null where it has no end. */
  months?: number | null;
  /** The group's name, or that of the one person: 1 to 80 characters. */
  pseudonym: string;
  /** 0 to 120 characters. */
  place: string;
  /** One for each participant, 1 to 40. */
  agreements: Agreement[];
  /** Somebody in the room must not be heard, so that the others go on in writing. */
  withoutRecording: boolean;
  /** The sitting that this goes on with, after somebody came; null for a new one. */
  conversation: Sitting | null;
}

/** One sitting, which may hold several stories. */
export interface Sitting {
  id: string;
  /** ISO 8601 with offset. */
  startedAt: string;
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
  /** What the first participant keeps: 26 characters of Crockford base32. */
  receiptCode: string;
  /** SHA-256 of each participant's code, in hex: by these the server answers for a story that never came to it. */
  receiptHashes?: string[];
  /** When the sitting began, where that was before this story; left out otherwise. */
  startedAt?: string;
  /** Everybody who tells it; left out by earlier apps, which knew of one. */
  participants?: Participant[];
  /** True when nothing of it may be recorded, whatever those who tell it agreed to. */
  withoutRecording?: boolean;
  /** Somebody's safety is in doubt: it is held back from the moment it is sent. */
  embargo?: Embargo;
}

export interface Quote {
  id: string;
  storyId: string;
  text: string;
  writtenAt: string;
  position: number;
  /** Who of a group said it; left out where nobody is named. */
  participantId?: string;
}

export interface Photo {
  id: string;
  storyId: string;
  size: number;
  type: 'image/jpeg';
  width: number;
  height: number;
  description: string;
  /** Who is in it: nobody, or people who agreed, and a note about them. Left out by earlier apps. */
  people?: PhotoPeople;
  peopleNote?: string;
  takenAt: string;
  position: number;
  /** True once the picture has been let go because the server holds it. */
  released: boolean;
}

/** Nobody can be seen in a photo, or everybody who can has agreed. */
export type PhotoPeople = 'nobody' | 'agreed';

/** What is said of a photo for those who cannot see it, and of who can be seen in it. */
export interface PhotoWords {
  description: string;
  people: PhotoPeople;
  /** Empty, or up to 500 characters. */
  peopleNote: string;
}

/** A photo that was taken and is not saved: as small as it will be, with what was said of it so far. */
export interface PhotoDraft extends Omit<PhotoWords, 'people'> {
  id: string;
  /** A JPEG. */
  bytes: ArrayBuffer;
  width: number;
  height: number;
  /** ISO 8601 with offset. */
  takenAt: string;
  people?: PhotoPeople;
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
  ended: SegmentEnd | null;
  /** Recordings only: marks in it that could not be read. */
  lostMarks: number;
  /** Quotes only. */
  text: string | null;
  /** Photos only. */
  description: string | null;
  problem: Problem | null;
  /** The outbox entry to try again where something stands in the way: of a recording, one of its segments. */
  entryId: string;
}

/** Why something has not been sent. `message` is the server's own words, when it gave any. */
export interface Problem {
  code: Code;
  message: string | null;
}

/** `only_here` covers every story with a part the server has not confirmed and nothing wrong. */
export type StoryState = 'only_here' | 'sending' | 'stored' | 'needs_attention' | 'needs_sign_in';

/** How long a yes lasts, and the language in which somebody was told so (BCP 47; empty where it was not noted). */
export interface Term {
  months: number;
  language: string;
}

export interface StoryView extends Story {
  projectName: string;
  /** The language that consent was read in (BCP 47); null where it was not noted. */
  language: string | null;
  participants: Participant[];
  /** What they agree to together, and who stands in the way of the rest. */
  together: Together;
  /** For each of them in their order, for how many months a yes lasts, where it ends. */
  terms: (Term | null)[];
  /** True when somebody's answers cannot be read any more, so that nothing may be done. */
  answersDamaged: boolean;
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

/** Everybody who tells a story. One that an earlier app kept has one, whose id nobody knows. */
export function participantsOf({ participants, pseudonym, receiptCode }: Story): Participant[] {
  return participants ?? [{ id: '', pseudonym, receiptCode }];
}
