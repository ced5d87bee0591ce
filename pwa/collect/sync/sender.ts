import { afterAnswer, parked, triedLater } from '../domain/after-answer';
import { answerOfPhone, later, type Answer } from '../domain/answer';
import { Refusal, type Code } from '../domain/codes';
import { mediaMayGo, type Line, type SendingChoice } from '../domain/line';
import { goesOnAnyLine, maySend, nextEntry, overtakes, type OutboxEntry } from '../domain/outbox';
import { writable } from '../domain/readable';
import type { Database } from '../store/database';
import { eraseStory } from '../store/erasing';
import { changeEntry, keepReceipt, keepStanding, openEntry, sendAgain, standingsToSend } from '../store/outbox';
import { sendingChoice } from '../store/settings';
import type { Transport } from './transport';

export interface SenderParts {
  database: Database;
  transport: Pick<Transport, 'send'>;
  /** Unix milliseconds. */
  now: () => number;
  /** 0 to 1. */
  chance: () => number;
  /** What the phone is connected by. */
  line: () => Line;
  /** Called when a story left this phone because the server says that it was withdrawn. */
  onWithdrawn: () => void;
}

/** What ended the sending, when it was not that nothing more waits. */
export type Ending = 'signed_out' | 'revoked' | 'no_line' | null;

/** After these the line itself is in doubt, so nothing more is tried in this round. */
const ENDS_ROUND = new Set(['unreachable', 'not_earshot', 'too_many_attempts', 'locked']);

/** Sends what waits, one entry after the other: gather, decide purely, act. */
export class Sender {
  /** True while this tab sends something. What is on disk may say so of a tab that is gone. */
  readonly sending = writable(false);
  private choice: SendingChoice | null = null;

  constructor(private readonly parts: SenderParts) {}

  /** Sends all that one person may send now. */
  async drain(personId: string): Promise<Ending> {
    const { database, now } = this.parts;
    for (;;) {
      const mediaToo = await this.mediaToo();
      const mine = (await standingsToSend(database)).filter((entry) => maySend(personId, entry));
      const next = nextEntry(mine, now(), mediaToo);
      if (!next) return null;
      const answer = await this.sendOne(next.id);
      if (answer?.kind === 'signed_out' || answer?.kind === 'revoked') return answer.kind;
      if (answer?.kind === 'later' && ENDS_ROUND.has(answer.code)) return 'no_line';
    }
  }

  /** Whether sound and photos may go now without having been asked for. */
  async mediaToo(): Promise<boolean> {
    this.choice = await sendingChoice(this.parts.database);
    return mediaMayGo(this.choice, this.parts.line());
  }

  /** Whatever goes wrong with one entry, it is kept, waits its turn like any other, and holds nothing else up. */
  private async sendOne(id: string): Promise<Answer | null> {
    const { database, now, chance } = this.parts;
    this.sending.set(true);
    try {
      return await this.attempt(id);
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 'not_saved';
      await changeEntry(database, id, (entry) => triedLater(entry, code, null, now(), chance()));
      return later(code, null);
    } finally {
      this.sending.set(false);
    }
  }

  private async attempt(id: string): Promise<Answer | null> {
    const { database, now, chance } = this.parts;
    const found = await this.opened(id);
    if (!found) return null;
    // Gone in the meantime, as with its story.
    if (!(await changeEntry(database, id, (found) => ({ ...found, state: 'sending', triedAt: now() })))) return null;
    // A worry may have been put into a story a moment ago. From here on nothing more is.
    const entry = found.kind === 'story' ? await this.opened(id) : found;
    if (!entry) return null;
    const { answer, sentBytes } = await this.tried(entry);
    const next = afterAnswer({ ...entry, sentBytes }, answer, now(), chance());
    const isHeard = next.kind === 'withdrawal' && next.state === 'withdrawn';
    if (next.state === 'stored' || isHeard) await keepReceipt(database, next);
    else if (next.state === 'withdrawn') await this.forgetStory(next.storyId);
    else await keepStanding(database, next);
    // It waits there for words that this phone sent before: a server that was restored may have lost them.
    if (next.state === 'waiting' && next.code === 'held') await sendAgain(database, entry.storyId);
    return answer;
  }

  /** An entry that does not open is parked, and the others go on. */
  private async opened(id: string): Promise<OutboxEntry | null> {
    const { database } = this.parts;
    try {
      return await openEntry(database, id);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'damaged_on_phone') throw error;
      await changeEntry(database, id, (entry) => parked(entry, 'damaged_on_phone'));
      return null;
    }
  }

  private async tried(entry: OutboxEntry): Promise<{ answer: Answer; sentBytes: number }> {
    let { sentBytes } = entry;
    let overtaken = false;
    const look = async (): Promise<void> => void (overtaken = await this.isOvertaken(entry).catch(() => false));
    const waitsFor = (): Code | null => (overtaken ? 'overtaken' : this.waitsForWifi(entry) ? 'waits_for_wifi' : null);
    const onProgress = (accepted: number): void => {
      sentBytes = accepted;
      void this.noteProgress(entry.id, accepted).catch(() => undefined);
    };
    const { database, transport } = this.parts;
    const stopLooking = database.onChange(() => void look());
    // Once the phone is locked, what is being sent has no place in memory. It goes on there after unlocking.
    const stopper = new AbortController();
    const stopWatching = database.vault.state.subscribe((state) => state === 'locked' && stopper.abort());
    try {
      const answer = await transport.send(entry, { onProgress, waitsFor, stop: stopper.signal }).catch(answerOfPhone);
      const isCutOff = answer.kind === 'later' && stopper.signal.aborted;
      return { answer: isCutOff ? later('locked', null) : answer, sentBytes };
    } finally {
      stopLooking();
      stopWatching();
    }
  }

  private waitsForWifi(entry: OutboxEntry): boolean {
    return !goesOnAnyLine(entry) && this.choice !== null && !mediaMayGo(this.choice, this.parts.line());
  }

  /** Whether something that must not wait behind a whole file has come meanwhile: a withdrawal, or words. */
  private async isOvertaken(entry: OutboxEntry): Promise<boolean> {
    const mine = (await standingsToSend(this.parts.database)).filter((one) => maySend(entry.personId, one));
    const next = nextEntry(mine, this.parts.now());
    return next !== null && overtakes(next, entry);
  }

  private noteProgress(id: string, sentBytes: number): Promise<unknown> {
    return changeEntry(this.parts.database, id, (entry) =>
      entry.state === 'sending' ? { ...entry, sentBytes } : entry,
    );
  }

  private async forgetStory(storyId: string): Promise<void> {
    await eraseStory(this.parts.database, storyId);
    this.parts.onWithdrawn();
  }
}
