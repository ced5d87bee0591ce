import { Refusal, type Code } from '../domain/codes';
import { uuidv7 } from '../domain/ids';
import { writable, type Readable } from '../domain/readable';
import { afterEvent, isLive, type RecorderEvent, type RecorderView } from '../domain/recorder';
import { endFor, gapAfterRestart, offsetAfter, savedMs, type Segment, type SegmentEnd } from '../domain/recording';
import { isoWithOffset } from '../domain/time';
import { RECORDING_LOCK, type TabLocks } from '../store/locks';
import { queueRecording } from '../store/queueing';
import { endRecording } from '../store/recordings';
import { segmentsOf } from '../store/segments';
import type { Awake } from './awake';
import { LiveSegment, type SegmentParts } from './live-segment';
import { MarkerBook } from './marker-book';
import type { Microphone } from './microphone';

export interface RecorderParts extends SegmentParts {
  microphone: Microphone;
  locks: TabLocks;
  awake: Awake;
  alarm: () => void;
}

/** Sound that is sealed, and when the last of it was heard. */
interface Before {
  last: Segment | null;
  savedMs: number;
  /** On the clock that never jumps; null after a restart. */
  heardUntil: number | null;
}

/** One recording, from the tap that starts it to the outbox, in as many segments as the phone makes of it. */
export class StoryRecorder {
  private readonly shown = writable<RecorderView>({
    state: 'idle',
    recordingId: null,
    savedMs: 0,
    level: 0,
    problem: null,
    awake: false,
    marks: 0,
    lastMark: null,
  });
  private readonly id: string;
  private readonly book: MarkerBook;
  private before: Before = { last: null, savedMs: 0, heardUntil: null };
  private segment: LiveSegment | null = null;
  private closed: 'stopped' | 'sealed' | null = null;
  private ended: SegmentEnd = 'stopped';
  private release: (() => void) | null = null;
  private starting: Promise<void> | null = null;
  private closing: Promise<void> | null = null;
  private ending: Promise<void> | null = null;

  /** `continues` is a recording that a crash cut off, to go on with. */
  constructor(
    private readonly storyId: string,
    private readonly parts: RecorderParts,
    private readonly continues: string | null = null,
  ) {
    this.id = continues ?? uuidv7();
    this.book = new MarkerBook(parts.database, { recordingId: this.id, storyId }, (marks) => this.show(marks));
  }

  get view(): Readable<RecorderView> {
    return this.shown;
  }

  get live(): boolean {
    return isLive(this.state);
  }

  /** Starts, or goes on with a new segment after an interruption. */
  start(): Promise<void> {
    if (!this.move('start')) return this.starting ?? Promise.resolve();
    this.show({ problem: null });
    this.starting = this.arm().catch((error: unknown) => {
      this.show({ problem: error instanceof Refusal ? error.code : 'not_saved' });
      const goesOn = this.release !== null && (this.segment ?? this.before.last) !== null;
      this.move(goesOn ? 'lost' : 'failed');
      if (!goesOn) this.letGo();
    });
    return this.starting;
  }

  pause(): void {
    if (this.move('pause')) this.segment?.pause();
  }

  resume(): void {
    if (this.move('resume')) this.segment?.resume();
  }

  async stop(): Promise<void> {
    this.move('stop');
    await this.starting;
    if (this.state === 'stopping') this.ending ??= this.end();
    await this.ending;
  }

  /** A problem that stopped the recording was seen; the recording can still go on. */
  acknowledge(): void {
    if (this.state === 'interrupted') this.show({ problem: null });
  }

  /** Marks this moment. False where nothing is being recorded, or the mark could not be kept. */
  mark(promptId: string | null): Promise<boolean> {
    const going = this.state === 'recording' || this.state === 'paused';
    if (!going || !this.segment) return Promise.resolve(false);
    return this.book.add(this.before.savedMs + this.segment.heardMs, promptId);
  }

  setTheme(themeId: string | null): Promise<boolean> {
    return this.book.setTheme(themeId);
  }

  undoMark(): Promise<boolean> {
    return this.book.undo();
  }

  rescue(): Promise<Blob | null> {
    return this.segment?.rescue() ?? Promise.resolve(null);
  }

  private async arm(): Promise<void> {
    await this.close('stopped');
    await this.takeLock();
    const sound = await this.parts.microphone.open();
    const { clock, awake } = this.parts;
    const { last, heardUntil } = this.before;
    const gapMs = heardUntil === null ? (last ? gapAfterRestart(last, Date.now()) : 0) : clock() - heardUntil;
    const row = {
      id: uuidv7(),
      recordingId: this.id,
      storyId: this.storyId,
      startedAt: isoWithOffset(),
      offsetMs: offsetAfter(last, gapMs),
    };
    const segment = await LiveSegment.open(this.parts, row, sound, {
      onSaved: (durationMs) => this.show({ savedMs: this.before.savedMs + durationMs }),
      onLevel: (level) => this.show({ level }),
      onLost: (code) => this.lose(code),
    }).catch((error: unknown) => {
      sound.close();
      throw error;
    });
    this.segment = segment;
    this.closed = null;
    // Somebody may have stopped while the phone asked about the microphone.
    if (!this.move('armed')) return;
    segment.start();
    this.show({ recordingId: this.id });
    awake.begin((isAwake) => this.show({ awake: isAwake }));
  }

  /** One recording at a time on this phone. What was recorded before a crash is looked up under the lock. */
  private async takeLock(): Promise<void> {
    if (this.release) return;
    this.release = await this.parts.locks.take(RECORDING_LOCK);
    if (!this.release) throw new Refusal('already_recording');
    if (!this.continues) return;
    const segments = await segmentsOf(this.parts.database, this.id);
    this.before = { last: segments.at(-1) ?? null, savedMs: savedMs(segments), heardUntil: null };
    await this.book.read();
    this.show({ savedMs: this.before.savedMs, recordingId: this.id });
  }

  /** The phone, not a person, stops it. */
  private lose(code: Code): void {
    const wasStopping = this.state === 'stopping';
    if (!this.move('lost') && !wasStopping) return;
    this.show({ problem: code, level: 0 });
    this.parts.alarm();
    if (!wasStopping) this.close(endFor(code)).catch(() => undefined);
  }

  /** Seals the segment that is being made, if there is one. It is tried again each time until the disk agrees. */
  private close(ended: SegmentEnd): Promise<void> {
    this.closing ??= this.closeOnce(ended).finally(() => (this.closing = null));
    return this.closing;
  }

  private async closeOnce(ended: SegmentEnd): Promise<void> {
    const { segment } = this;
    if (!segment || this.closed === 'sealed') return;
    if (this.closed === null) this.ended = ended;
    if (this.closed === null) await segment.stop();
    this.closed = 'stopped';
    const row = await segment.seal(this.ended);
    this.closed = 'sealed';
    const { heardUntil } = segment;
    if (row) this.before = { last: row, savedMs: this.before.savedMs + row.durationMs, heardUntil };
    this.show({ savedMs: this.before.savedMs, level: 0 });
    // Sending does not wait for the end; what cannot be queued now is queued at the end or at the next start.
    if (row) void queueRecording(this.parts.database, this.id).catch(() => undefined);
  }

  private async end(): Promise<void> {
    const { database } = this.parts;
    try {
      await this.close('stopped');
      const kept = await endRecording(database, this.id);
      if (!kept) this.show({ recordingId: null, problem: this.shown.get().problem ?? 'empty_recording' });
      // It is safe now. What cannot be queued yet, locked or full, is queued at one of the next looks for the server.
      await queueRecording(database, this.id).catch(() => undefined);
      this.move('sealed');
    } catch (error) {
      // What is on disk stays there, and is sealed when the app next opens.
      this.show({ problem: error instanceof Refusal ? error.code : 'not_saved' });
      this.move('failed');
    } finally {
      this.letGo();
    }
  }

  private letGo(): void {
    this.parts.awake.end();
    this.release?.();
    this.release = null;
    this.show({ awake: false, level: 0 });
  }

  private get state(): RecorderView['state'] {
    return this.shown.get().state;
  }

  private move(event: RecorderEvent): boolean {
    const next = afterEvent(this.state, event);
    if (next === this.state) return false;
    this.show({ state: next });
    return true;
  }

  private show(change: Partial<RecorderView>): void {
    this.shown.set({ ...this.shown.get(), ...change });
  }
}
