import type { ConsentRecord, EvidenceFile, EvidenceKind } from './domain/consent';
import type { Line } from './domain/line';
import type { Battery } from './domain/check';
import type { HoldingBack } from './domain/holding-back';
import type { HearingView } from './domain/hearing';
import type { LockState } from './domain/lock';
import type { RecorderView } from './domain/recorder';
import type { Readable } from './domain/readable';
import type { Person, Project } from './domain/project';
import type { StatementView } from './domain/statement';
import type { PhotoDraft, PhotoWords, Story, StoryDraft, StoryView } from './domain/story';
import type { DraftCounts, OutboxSummary } from './domain/status';
import type { TakenBack } from './domain/taken-back';
import type { Code } from './domain/codes';

/** `unknown` until the first answer from our server, or its absence. */
export type Online = 'unknown' | 'online' | 'offline';

export interface SignIn {
  /** The account that last signed in on this phone; kept for working with no signal. */
  person: Person | null;
  /** True when the server says nobody is signed in. Offer `signInUrl`. */
  needed: boolean;
  signInUrl: string;
}

export interface UpdateView {
  /** A newer app is waiting. */
  ready: boolean;
  /** It must wait: a recording is running here or in another tab, or something is being sent. */
  deferred: boolean;
}

export interface StorageView {
  /** The browser promised not to clear what is kept here. */
  persisted: boolean;
  usedBytes: number | null;
  quotaBytes: number | null;
}

export interface LockView {
  /** Null until what is kept was looked at. */
  state: LockState | null;
  /** Milliseconds until a PIN may be tried, after wrong ones. */
  waitMs: number;
  /** A PIN is being worked on, which takes a moment on purpose. */
  opening: boolean;
  /** Counts how often it was closed: what was captured while it was locked is closed with the next time. */
  closings: number;
}

/** The phone's own lock. Each way to open it throws `wrong_secret`, `wait_longer`, `open_again`, or `weak_secret` for a new PIN. */
export interface Lock {
  readonly view: Readable<LockView>;
  setUp(pin: string): Promise<void>;
  unlock(pin: string): Promise<void>;
  change(pin: string, next: string): Promise<void>;
  /** Has the server open what was sealed to it, for whoever knows the account's password. Throws `no_rescue`, `seal_broken` too. */
  openAgain(password: string, next: string): Promise<void>;
  lock(): void;
}

export interface Recovered {
  recordingId: string;
  storyId: string;
  pseudonym: string;
  projectName: string;
  /** Sound found on disk, in milliseconds. 0 means there was none and nothing was kept. */
  savedMs: number;
}

/** One recording being made: it may be interrupted and go on. */
export interface Recorder {
  readonly view: Readable<RecorderView>;
  /** Call from a tap, also to go on. Resolves when recording, or when it failed (look at `view`). Never throws. */
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Resolves when everything is on disk and the recording waits in the outbox. */
  stop(): Promise<void>;
  /** The problem that stopped it was seen; `start` can still go on with a new segment. */
  acknowledge(): void;
  /** Marks this moment of the sound. False where nothing is being recorded, or the mark was not kept. */
  mark(promptId: string | null): Promise<boolean>;
  /** Says what the newest mark is about. */
  setTheme(themeId: string | null): Promise<boolean>;
  /** Takes the newest mark back. */
  undoMark(): Promise<boolean>;
  /** After `not_saved` or `phone_full`: all the sound there is, to download. Null when nothing is missing. */
  rescue(): Promise<Blob | null>;
}

/** Somebody saying what they agree to, which may be recorded even where their story may not. */
export interface Statement {
  readonly view: Readable<StatementView>;
  /** Call from a tap. Never throws: what stands in the way is in `view`. */
  start(): Promise<void>;
  /** What was said; null when nothing was. It ends by itself after a minute. */
  stop(): Promise<Blob | null>;
  drop(): void;
}

/** Conversations whose consent is not confirmed, each under a name of its own. */
export interface Unfinished<Draft> {
  /** Those that this tab has, or may go on with, oldest first. */
  waiting: (Draft & { keptAs: string })[];
  /** How many another tab goes on with. */
  elsewhere: number;
  /** How many only the PIN opens. */
  sealed: number;
}

/** Consent before it is confirmed, and what else is not finished. All of it is sealed. */
export interface Agreeing {
  conversations<Draft>(): Promise<Unfinished<Draft>>;
  /** Goes on with one as it was kept last. Null while another tab has it, or only the PIN opens it. */
  takeUp<Draft>(keptAs: string): Promise<Draft | null>;
  /** Another tab may go on with it from now on. */
  letGo(keptAs: string): void;
  /** No other tab has it from now on. Null forgets it, and the evidence kept for it. Throws `not_saved`, `phone_full`. */
  keepConversation(keptAs: string, draft: unknown): Promise<void>;
  /** A quote being written; empty when there is none. Throws `locked`. */
  quote(storyId: string): Promise<string>;
  keepQuote(storyId: string, text: string): Promise<void>;
  /** A worry about somebody's safety being written; empty when there is none. Throws `locked`, `damaged_on_phone`. */
  worry(storyId: string): Promise<string>;
  keepWorry(storyId: string, text: string): Promise<void>;
  newStatement(): Statement;
  /** Whether what somebody drew, said or signed is on the screen and nowhere else: the phone locks later then. */
  holdUnkept(isThere: boolean): void;
  /**
   * A photo of paper is straightened and stripped. Throws `empty_file`, `unsupported_image`, `phone_full`, and
   * `not_saved` where its conversation is not kept, or no longer.
   */
  keepEvidence(keptAs: string, kind: EvidenceKind, file: Blob): Promise<EvidenceFile>;
  /** Forgets the bytes of what shows no agreement any more. */
  forgetEvidence(keptAs: string, id: string): Promise<void>;
  /** What everybody who tells a story agreed to. */
  consentsOf(storyId: string): Promise<ConsentRecord[]>;
}

/** Photos that are not saved yet, one for each story. All of it is sealed. */
export interface Photos {
  /**
   * Straightens, shrinks and strips the picture, and keeps it until it is saved, also while the phone is locked. Throws
   * `story_missing`, `unsupported_image`, `empty_file`, `too_large`.
   */
  take(storyId: string, file: Blob): Promise<PhotoDraft>;
  /** Null when there is none. Throws `locked`, or `damaged_on_phone`. */
  unsaved(storyId: string): Promise<PhotoDraft | null>;
  /** With what is said of it so far. Null takes it away. */
  keep(storyId: string, photo: PhotoDraft | null): Promise<void>;
}

export interface SendingView {
  /** Sound and photos wait for Wi-Fi. */
  wifiOnly: boolean;
  line: Line;
  /** False while sound and photos wait: for Wi-Fi, or where the phone cannot tell, to be asked for. */
  mediaGoes: boolean;
}

/** How things leave this phone, and what can be done with those that cannot. */
export interface Sending {
  readonly view: Readable<SendingView>;
  /** True once the server has said that an administrator shut this phone out. Nothing is sent, nothing is deleted. */
  readonly revoked: Readable<boolean>;
  setWifiOnly(wifiOnly: boolean): Promise<void>;
  /** Sends the sound and photos that wait now, by whatever there is. */
  mediaNow(): Promise<void>;
  /**
   * Takes a story back for its participant: nothing of it is on this phone when this resolves. Until the server has
   * heard of it, it is in `takenBack`. `reason` may be empty. Throws `story_missing`.
   */
  takeBack(storyId: string, reason: string): Promise<void>;
  /**
   * One part with what it needs, or all of a story, as a file that only the server can open, piece by piece. A
   * recording of it that was cut off is ended first.
   * What is damaged is left out, and `onDamaged` is told how much. Throws `no_rescue_key`, `locked`, `story_missing`,
   * `already_recording`, or `damaged_on_phone` where nothing that was asked for is whole.
   */
  itemFile(
    storyId: string,
    partId: string | null,
    onDamaged: (count: number) => void,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>>;
}

/** Keeping a story from everybody while somebody's safety is in doubt. */
export interface HoldBack {
  /** Whether that can still be done here. */
  standing(storyId: string): Promise<HoldingBack>;
  /**
   * Holds it back from the moment it is sent, and tells that person, or administrators where it is null.
   * Throws `invalid`, and `already_sent` or `may_be_sent` where it is too late here.
   */
  put(storyId: string, reason: string, named: Person | null): Promise<void>;
}

/** A microphone that is tried out. Nothing is kept of what it hears. */
export interface MicrophoneCheck {
  readonly view: Readable<HearingView>;
  /** Starts without a tap where the phone asks nobody. */
  startIfAllowed(): Promise<void>;
  /** Never throws: what stands in the way is in `view`. */
  start(): Promise<void>;
  close(): void;
}

/** Everything the screens need. Methods that can be refused throw `Refusal` with a `code`. */
export interface CollectApp {
  /** False until what is kept on this phone has been read. */
  readonly ready: Readable<boolean>;
  readonly online: Readable<Online>;
  /** When our server last answered anything, ISO 8601; null until it has on this phone. */
  readonly lastAnswerAt: Readable<string | null>;
  readonly signIn: Readable<SignIn>;
  readonly projects: Readable<Project[]>;
  /** Newest first, every story kept on this phone. */
  readonly stories: Readable<StoryView[]>;
  readonly outbox: Readable<OutboxSummary>;
  readonly update: Readable<UpdateView>;
  readonly storage: Readable<StorageView>;
  /** Something wrong with the app as a whole, such as `close_other_tabs`. */
  readonly trouble: Readable<Code | null>;
  /** Recordings that a crash cut off, to keep, go on with or delete. They have no names while the phone is locked. */
  readonly recovered: Readable<Recovered[]>;
  /** Stories removed from this phone because they were withdrawn, counted since the app opened. */
  readonly withdrawn: Readable<number>;
  /** Stories taken back here of which the server has not heard, oldest first, with what each waits for. */
  readonly takenBack: Readable<TakenBack[]>;

  readonly lock: Lock;
  readonly sending: Sending;

  story(storyId: string): StoryView | null;
  readonly agreeing: Agreeing;
  readonly photos: Photos;
  readonly holdBack: HoldBack;

  /** Saves the story, every consent and what shows them in one transaction, and queues all of it. */
  startStory(projectId: string, draft: StoryDraft): Promise<Story>;
  /** Throws `use_refused`. One at a time: `already_recording`. `continues` is a recording that a crash cut off. */
  newRecorder(storyId: string, continues?: string): Recorder;
  newMicrophoneCheck(): MicrophoneCheck;
  /** Ends a recording that a crash cut off, and sends it. */
  keepRecovered(recordingId: string): Promise<void>;
  /** Null where the phone does not say. */
  battery(): Promise<Battery | null>;
  /** Saves a photo that was taken, which is kept as no draft any more. Throws `use_refused`, `phone_full`. */
  addPhoto(storyId: string, photo: PhotoDraft, about: PhotoWords): Promise<string>;
  /** 1 to 5000 characters; `participantId` says who of a group said it. Throws `use_refused`, `invalid`. */
  addQuote(storyId: string, text: string, participantId?: string): Promise<string>;
  /** The bytes of a photo or recording while they are still on this phone, to show or play. */
  partBlob(partId: string): Promise<Blob | null>;
  /** Removes a part that nobody but this phone holds. Throws `already_sent`, or `may_be_sent` where nobody knows. */
  discard(partId: string): Promise<void>;
  /** Tries a waiting or refused entry again now. */
  retry(entryId: string): Promise<void>;
  /** Looks for the server now and sends what waits. */
  sendNow(): void;
  dismissRecovered(recordingId: string): void;
  /** Finds out how much room there is by now: `storage` says so then. */
  measureStorage(): Promise<void>;
  /** What is not finished, and would be lost with this phone. */
  draftCounts(): Promise<DraftCounts>;
  /** Asks the browser to keep what is stored here; resolves to its answer. */
  persist(): Promise<boolean>;
  /** Ends the session on the server and here. What is kept stays, locked. Throws `unreachable`, `already_recording`. */
  signOut(): Promise<void>;
  /** Deletes everything on this phone for ever, sent or not, and signs out where it can. Throws `already_recording`. */
  destroy(): Promise<void>;
  /** Reloads into the newer app; does nothing while `update.deferred`. */
  applyUpdate(): void;
}
