// Sends what is typed when typing rests, one change after another, and goes on trying while there is no connection.
import type { Draft, Drafts } from './drafts';
import { sameWords } from './marks';
import type { Change, Corrected, Segment } from './segment';

export type Outcome =
  | { readonly kind: 'saved'; readonly answer: Corrected }
  /** Somebody else changed it: this is what it says now. */
  | { readonly kind: 'conflict'; readonly now: string }
  /** It would take back what somebody else did: who, what it says now, and what it said before. */
  | { readonly kind: 'others'; readonly by: string; readonly now: string; readonly before: string }
  /** It is not there any more, or not for this person. */
  | { readonly kind: 'gone'; readonly now?: string }
  /** The server will not have it, and says why. */
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'away'; readonly why: 'offline' | 'signed-out' | 'busy' };

export type Standing = 'saved' | 'saving' | 'offline' | 'signed-out' | 'busy' | 'waiting' | 'empty';

/** What happened, for the page. */
export interface Tells {
  standing(standing: Standing): void;
  saved(answer: Corrected): void;
  /** The words of a passage could not be saved as they are: a person has to choose. */
  stopped(segment: number, draft: Draft, outcome: Exclude<Outcome, { kind: 'saved' | 'away' }>): void;
}

export type Send = (change: Change, leaving: boolean) => Promise<Outcome>;

/** Typing rests when nothing was typed for this long. */
export const REST_MS = 1000;
const SOONEST_MS = 1000;
const LATEST_MS = 30_000;

export class Autosave {
  private readonly drafts: Drafts;
  private readonly send: Send;
  private readonly tells: Tells;
  private readonly resting = new Map<number, ReturnType<typeof setTimeout>>();
  /** Passages of which a person has to choose first. */
  private readonly stopped = new Set<number>();
  /** Passages that somebody has left: only then may one go that has no words any more. */
  private readonly left = new Set<number>();
  private turn: Promise<unknown> = Promise.resolve();
  private busy = 0;
  private away: 'offline' | 'signed-out' | 'busy' | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private wait = SOONEST_MS;

  constructor(drafts: Drafts, send: Send, tells: Tells) {
    this.drafts = drafts;
    this.send = send;
    this.tells = tells;
  }

  get standing(): Standing {
    if (this.drafts.ids.length === 0 && this.busy === 0) return 'saved';
    if (this.away !== null) return this.away;
    if (this.busy > 0 || this.drafts.ids.some((id) => this.isSendable(id))) return 'saving';
    return this.stopped.size > 0 ? 'waiting' : 'empty';
  }

  /** Whether closing the page now would lose something. */
  get atRisk(): boolean {
    return this.drafts.ids.length > 0 && (this.away !== null || this.stopped.size > 0);
  }

  /** `saved` is the text as the server last said it. */
  typed(segment: number, saved: string, text: string): void {
    const was = this.drafts.get(segment)?.was ?? saved;
    this.rest(segment);
    this.left.delete(segment);
    if (sameWords(was, text)) {
      this.drafts.drop(segment);
      this.stopped.delete(segment);
    } else {
      this.drafts.put(segment, { was, text });
      if (this.isSendable(segment)) this.resting.set(segment, setTimeout(() => void this.save(segment), REST_MS));
    }
    this.tell();
  }

  /** Somebody has read both texts and wants their own: it starts from what is there now. */
  insist(segment: number, now: string): void {
    const draft = this.drafts.get(segment);
    this.stopped.delete(segment);
    if (draft !== undefined) this.drafts.put(segment, { was: now, text: draft.text });
    void this.save(segment);
  }

  /** Leave it as the server has it. */
  giveUp(segment: number): void {
    this.rest(segment);
    this.drafts.drop(segment);
    this.stopped.delete(segment);
    this.tell();
  }

  /** Somebody has left a passage: what is written in it is sent, also where that is nothing. */
  leaves(segment: number): void {
    if (this.drafts.get(segment) === undefined) return;
    this.left.add(segment);
    void this.save(segment);
  }

  /** Send what is written in a passage now. */
  save(segment: number): Promise<void> {
    this.rest(segment);
    return this.inTurn(() => this.sendDraft(segment));
  }

  /** Send everything; whether nothing is left. */
  async flush(): Promise<boolean> {
    for (const segment of this.drafts.ids) void this.save(segment);
    await this.turn;
    return this.drafts.ids.length === 0;
  }

  /** One more thing to do after all that is written is saved. */
  async act(change: Change): Promise<Outcome> {
    if (!(await this.flush())) return { kind: 'away', why: this.away ?? 'busy' };
    return this.inTurn(async () => {
      const outcome = await this.send(change, false);
      if (outcome.kind === 'saved') this.tells.saved(outcome.answer);
      return outcome;
    });
  }

  /** The page goes: the browser sends these when it is gone. */
  leave(): void {
    for (const segment of this.drafts.ids) {
      const draft = this.drafts.get(segment);
      if (draft !== undefined && this.isSendable(segment)) void this.send(changeOf(segment, draft), true);
    }
  }

  /** There may be a connection again. */
  tryNow(): void {
    clearTimeout(this.retry);
    this.wait = SOONEST_MS;
    void this.flush();
  }

  private rest(segment: number): void {
    clearTimeout(this.resting.get(segment));
    this.resting.delete(segment);
  }

  private inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    this.busy += 1;
    this.tell();
    const done = this.turn.then(act).finally(() => {
      this.busy -= 1;
      this.tell();
    });
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async sendDraft(segment: number): Promise<void> {
    const draft = this.drafts.get(segment);
    if (draft === undefined || !this.isSendable(segment)) return;
    const outcome = await this.send(changeOf(segment, draft), false);
    if (outcome.kind === 'away') return this.later(outcome.why);
    this.away = null;
    this.wait = SOONEST_MS;
    // What was sent as a page went may have arrived.
    if (outcome.kind === 'conflict' && sameWords(outcome.now, draft.text)) return this.settle(segment, draft, []);
    if (outcome.kind !== 'saved') {
      this.stopped.add(segment);
      return this.tells.stopped(segment, this.drafts.get(segment) ?? draft, outcome);
    }
    this.settle(segment, draft, outcome.answer.segments);
    this.tells.saved(outcome.answer);
  }

  /** What was typed while it was sent is still to be sent, from the words as they are saved now. */
  private settle(segment: number, sent: Draft, saved: readonly Segment[]): void {
    const draft = this.drafts.get(segment);
    if (draft === undefined) return;
    if (draft.text === sent.text) {
      this.left.delete(segment);
      return this.drafts.drop(segment);
    }
    const was = saved.find(({ id }) => id === segment)?.text ?? sent.text;
    this.drafts.put(segment, { was, text: draft.text });
    if (!this.resting.has(segment)) this.resting.set(segment, setTimeout(() => void this.save(segment), REST_MS));
  }

  private isSendable(segment: number): boolean {
    const isEmpty = this.drafts.get(segment)?.text.trim() === '';
    return !this.stopped.has(segment) && (!isEmpty || this.left.has(segment));
  }

  private later(why: 'offline' | 'signed-out' | 'busy'): void {
    this.away = why;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.flush(), this.wait);
    this.wait = Math.min(LATEST_MS, this.wait * 2);
  }

  private tell(): void {
    this.tells.standing(this.standing);
  }
}

function changeOf(segment: number, draft: Draft): Change {
  return { kind: 'words', segment, was: draft.was, text: draft.text.trim() };
}
