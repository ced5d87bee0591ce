import type { Agreeing, Statement, Unfinished } from '../app-core';
import { takePicture, type ImageOpener } from '../capture/photos';
import { StatementRecorder, type StatementParts } from '../capture/statement';
import { Refusal } from '../domain/codes';
import type { ConsentRecord, EvidenceFile, EvidenceKind } from '../domain/consent';
import { receiptCode, uuidv7 } from '../domain/ids';
import { momentOf, type Clocks, type Moment } from '../domain/moment';
import { isFreeName, MOST_PARTICIPANTS, type Agreement } from '../domain/participant';
import { LONGEST_EDGE } from '../domain/picture';
import type { DraftCounts } from '../domain/status';
import type { Story, StoryDraft } from '../domain/story';
import { inRange } from '../domain/text';
import { isoWithOffset } from '../domain/time';
import { hashedWords } from '../domain/wording';
import { sha256 } from '../store/bytes';
import type { Database } from '../store/database';
import { draftCounts, forgetDraftBytes, keepDraft, quoteDraft, readDraft, worryDraft } from '../store/drafts';
import { keepUnconfirmed } from '../store/evidence';
import type { TabLocks } from '../store/locks';
import { saveStory, storyWithConsents, type GivenConsent } from '../store/stories';
import { UnfinishedDesk } from './unfinished';

/** A phone that was left lying is locked all the same, by the clock that nobody puts right. */
const LONGEST_UNKEPT_MS = 5 * 60_000;
/** That clock may stand still in its sleep. Somebody who puts the time of day on by an hour loses nothing. */
const LONGEST_ASLEEP_MS = 2 * 60 * 60_000;

/** Consent, from the first answer to the story that it opens, and what is being written meanwhile. */
export class ConsentDesk implements Agreeing {
  private writing: Promise<unknown> = Promise.resolve();
  private statement: StatementRecorder | null = null;
  private unkeptSince: Moment | null = null;
  private readonly unfinished: UnfinishedDesk;
  private readonly latest = new Map<string, { value: unknown; done: Promise<void> }>();

  constructor(
    private readonly database: Database,
    private readonly statements: StatementParts & Clocks & { locks: TabLocks },
    private readonly openImage: ImageOpener | undefined,
  ) {
    this.unfinished = new UnfinishedDesk(database, statements.locks);
  }

  conversations<Draft>(): Promise<Unfinished<Draft>> {
    return this.unfinished.all<Draft>();
  }

  /** How much is not finished. While the phone is locked nobody knows which conversation is damaged. */
  async draftCounts(): Promise<DraftCounts> {
    const { waiting, elsewhere, sealed } = await this.unfinished.all();
    return { conversations: waiting.length + elsewhere + sealed, ...(await draftCounts(this.database)) };
  }

  /** Read only once this tab holds it, so that it is as another tab left it. */
  async takeUp<Draft>(keptAs: string): Promise<Draft | null> {
    if (!(await this.unfinished.hold(keptAs))) return null;
    const draft = await readDraft<Draft>(this.database, keptAs).catch(() => null);
    if (!draft) this.letGo(keptAs);
    return draft;
  }

  letGo(keptAs: string): void {
    this.unfinished.letGo(keptAs, this.writing);
  }

  async keepConversation(keptAs: string, draft: unknown): Promise<void> {
    const held = this.unfinished.hold(keptAs);
    const writing = this.keep(keptAs, draft, async () => {
      if (!(await held)) throw new Refusal('not_saved', 'another tab has it');
    });
    try {
      await writing;
    } finally {
      if (draft === null) this.unfinished.letGo(keptAs, Promise.resolve());
    }
  }

  async quote(storyId: string): Promise<string> {
    return (await readDraft<string>(this.database, quoteDraft(storyId))) ?? '';
  }

  keepQuote(storyId: string, text: string): Promise<void> {
    return this.keep(quoteDraft(storyId), text || null);
  }

  async worry(storyId: string): Promise<string> {
    return (await readDraft<string>(this.database, worryDraft(storyId))) ?? '';
  }

  keepWorry(storyId: string, text: string): Promise<void> {
    return this.keep(worryDraft(storyId), text || null);
  }

  newStatement(): Statement {
    this.statement = new StatementRecorder(this.statements);
    return this.statement;
  }

  holdUnkept(isThere: boolean): void {
    this.unkeptSince = isThere ? (this.unkeptSince ?? momentOf(this.statements)) : null;
  }

  /** The phone is in use, though nobody touches it: somebody is heard, or has drawn or said what is not kept yet. */
  get isUnderWay(): boolean {
    return this.isHeard || this.isUnkept;
  }

  /** Somebody says what they agree to, or it is read to them. */
  private get isHeard(): boolean {
    return this.statement?.view.get().state === 'recording' || globalThis.speechSynthesis?.speaking === true;
  }

  private get isUnkept(): boolean {
    if (this.unkeptSince === null) return false;
    const { clock, now } = momentOf(this.statements);
    return clock - this.unkeptSince.clock < LONGEST_UNKEPT_MS && now - this.unkeptSince.now < LONGEST_ASLEEP_MS;
  }

  async keepEvidence(keptAs: string, kind: EvidenceKind, file: Blob): Promise<EvidenceFile> {
    const { bytes, type } = kind === 'paper' ? await this.paper(file) : { bytes: await file.arrayBuffer(), type: file.type };
    if (bytes.byteLength === 0) throw new Refusal('empty_file');
    // What it belongs to may be on its way to disk for the first time.
    await this.writing;
    return keepUnconfirmed(this.database, keptAs, { id: uuidv7(), kind, type, madeAt: isoWithOffset() }, bytes);
  }

  async forgetEvidence(keptAs: string, id: string): Promise<void> {
    await forgetDraftBytes(this.database, keptAs, id);
  }

  async consentsOf(storyId: string): Promise<ConsentRecord[]> {
    return (await storyWithConsents(this.database, storyId)).consents;
  }

  /** Keeps the story and every consent in one transaction. Throws `invalid`, `phone_full`, or `not_saved`, also while another tab has it. */
  async start(projectId: string, personId: string, draft: StoryDraft): Promise<Story> {
    const now = isoWithOffset();
    const { agreements, conversation, withoutRecording } = draft;
    const participants = agreements.map(({ participantId, pseudonym, said }) => ({
      id: participantId,
      pseudonym: pseudonym.trim(),
      receiptCode: receiptCode(),
      ...(said && { said: { ownWords: said.ownWords, groups: [...said.groups] } }),
    }));
    const names = participants.map(({ pseudonym }) => pseudonym);
    const pseudonym = draft.pseudonym.trim();
    const place = draft.place.trim();
    if (!areNames([pseudonym]) || !areNames(names) || !inRange(place, 0, 120)) throw new Refusal('invalid');
    if (draft.keptAs && !(await this.unfinished.hold(draft.keptAs))) throw new Refusal('not_saved', 'another tab has it');
    const story: Story = {
      id: uuidv7(),
      projectId,
      personId,
      conversationId: conversation?.id ?? uuidv7(),
      pseudonym,
      place,
      toldAt: now,
      receiptCode: participants[0]!.receiptCode,
      participants,
      ...(conversation && { startedAt: conversation.startedAt }),
      ...(withoutRecording && { withoutRecording }),
    };
    const given = await Promise.all(agreements.map((agreement) => consentTo(agreement, story, draft)));
    // A draft still on its way to disk would outlive what it became.
    await this.writing;
    await saveStory(this.database, story, given, draft.keptAs);
    return story;
  }

  /** Large enough to read, and nothing but what can be seen. */
  private async paper(file: Blob): Promise<{ bytes: ArrayBuffer; type: string }> {
    const { bytes } = await takePicture(file, LONGEST_EDGE, this.openImage);
    return { bytes, type: 'image/jpeg' };
  }

  /** One after another, so that what was written last is what stays; what was overtaken is never written. */
  private keep(name: string, value: unknown, ready = (): Promise<void> => Promise.resolve()): Promise<void> {
    const waiting = value === null ? undefined : this.latest.get(name);
    if (waiting) {
      waiting.value = value;
      return waiting.done;
    }
    const one = { value, done: Promise.resolve() };
    one.done = this.writing.then(async () => {
      try {
        await ready();
      } finally {
        // What failed once is no answer to what is kept later.
        if (this.latest.get(name) === one) this.latest.delete(name);
      }
      return keepDraft(this.database, name, one.value);
    });
    this.latest.set(name, one);
    // What is forgotten stays so, whatever comes after.
    if (value === null) this.latest.delete(name);
    this.writing = one.done.catch(() => undefined);
    return one.done;
  }
}

async function consentTo(agreement: Agreement, story: Story, { wordingId, months }: StoryDraft): Promise<GivenConsent> {
  const { participantId, text, answers, how, forWhom, agreedBy, interpreter, witness, evidence } = agreement;
  const consent: ConsentRecord = {
    id: uuidv7(),
    projectId: story.projectId,
    storyId: story.id,
    wordingId,
    answers: { ...answers },
    how,
    forWhom,
    givenAt: story.toldAt,
    participantId,
    ...(text.language && {
      wordingSha256: await sha256(new TextEncoder().encode(hashedWords(text))),
      language: text.language,
      reading: text.reading,
    }),
    ...(months && { months }),
    agreedBy: agreedBy.trim(),
    interpreter: interpreter.trim(),
    witness: witness.trim(),
    evidence: evidence && { id: evidence.id, kind: evidence.kind, sha256: evidence.sha256 },
  };
  return { consent, file: evidence };
}

/** Between one and forty, each 1 to 80 characters and like no other. */
function areNames(names: readonly string[]): boolean {
  return (
    names.length >= 1 &&
    names.length <= MOST_PARTICIPANTS &&
    names.every((name, at) => inRange(name, 1, 80) && isFreeName(name, names.slice(0, at)))
  );
}
