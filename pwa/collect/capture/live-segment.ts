import type { Code } from '../domain/codes';
import type { Segment, SegmentEnd } from '../domain/recording';
import {
  NOTHING_SEEN, WATCH_EVERY_MS, afterLook, isMissing, sleptFor, soundUntil, type WatchState,
} from '../domain/watching';
import type { Database } from '../store/database';
import { openSegment, sealSegment, type Counted, type NewSegment } from '../store/segments';
import type { Sound } from './microphone';
import { SoundKeeper } from './sound-keeper';
import { Stopwatch } from './stopwatch';

export interface SegmentParts {
  database: Database;
  /** Milliseconds that only grow. */
  clock: () => number;
  /** Calls again and again until the returned function is called. */
  every: (ms: number, call: () => void) => () => void;
}

export interface SegmentEvents {
  onSaved(durationMs: number): void;
  onLevel(level: number): void;
  /** The microphone is gone or dead, or nothing more can be saved. */
  onLost(code: Code): void;
}

const METER_EVERY_MS = 100;
/** What was recorded while the page slept comes at once when it wakes, and the next piece soon after. */
const HANDED_OVER_WITHIN_MS = 2_500;

/** One run of the microphone, watched, from its first piece to its seal. */
export class LiveSegment {
  private readonly stopwatch: Stopwatch;
  private readonly keeper: SoundKeeper;
  private watch: WatchState = NOTHING_SEEN;
  private chunkArrived = false;
  private paused = false;
  private aliveAt: number;
  private sleptMs = 0;
  private awakeSince = 0;
  private handed = { bytes: 0, savedMs: 0 };
  private durationMs = 0;
  private stopMeter: (() => void) | null = null;
  private stoppedAt = 0;
  private counted: Counted | null = null;

  private constructor(
    private readonly parts: SegmentParts,
    private readonly id: string,
    private readonly sound: Sound,
    private readonly events: SegmentEvents,
  ) {
    this.stopwatch = new Stopwatch(parts.clock);
    this.aliveAt = parts.clock();
    const saved = (untilMs: number): void => {
      this.durationMs = untilMs;
      events.onSaved(untilMs);
    };
    this.keeper = new SoundKeeper(parts.database, id, saved, (code) => events.onLost(code));
  }

  /** Opens its row on disk. Nothing is heard before `start`. */
  static async open(
    parts: SegmentParts,
    row: Omit<NewSegment, 'type'>,
    sound: Sound,
    events: SegmentEvents,
  ): Promise<LiveSegment> {
    await openSegment(parts.database, { ...row, type: sound.type });
    return new LiveSegment(parts, row.id, sound, events);
  }

  /** Sound heard so far, on disk or not yet, in milliseconds. */
  get heardMs(): number {
    return this.stopwatch.milliseconds;
  }

  /** After `stop`: when the last of the sound that is on disk was heard, by the clock. */
  get heardUntil(): number {
    return this.stoppedAt - Math.max(0, this.heardMs - this.durationMs);
  }

  start(): void {
    this.aliveAt = this.parts.clock();
    this.sound.start({ onChunk: (piece) => this.take(piece), onLost: (code) => this.events.onLost(code) });
    this.stopwatch.run();
    let ticks = 0;
    this.stopMeter = this.parts.every(METER_EVERY_MS, () => {
      ticks += 1;
      this.tick(ticks % (WATCH_EVERY_MS / METER_EVERY_MS) === 0);
    });
  }

  pause(): void {
    this.paused = true;
    this.sound.pause();
    this.stopwatch.hold();
  }

  resume(): void {
    this.paused = false;
    this.aliveAt = this.parts.clock();
    this.sound.resume();
    this.stopwatch.run();
  }

  /** Ends the run and lets the microphone go. What was handed over is on disk after it, or known not to be. */
  async stop(): Promise<void> {
    this.stopMeter?.();
    this.stopMeter = null;
    this.stopwatch.hold();
    this.stoppedAt = this.parts.clock();
    await this.sound.stop();
    this.sound.close();
    await this.keeper.close();
  }

  /** Seals it after `stop`; null when it held no sound. It may be tried again where the disk would not. */
  async seal(ended: SegmentEnd): Promise<Segment | null> {
    this.counted ??= this.keeper.digest();
    return sealSegment(this.parts.database, this.id, ended, this.counted);
  }

  rescue(): Promise<Blob | null> {
    return this.keeper.rescue(this.sound.type);
  }

  private take(piece: Blob): void {
    if (piece.size === 0) return;
    this.signOfLife();
    this.chunkArrived = true;
    const untilMs = soundUntil(
      { bytes: piece.size, stopwatchMs: this.stopwatch.milliseconds, sleptMs: this.sleptMs },
      this.handed,
    );
    this.handed = { bytes: this.handed.bytes + piece.size, savedMs: untilMs };
    // What it held of the sleep is missing no more.
    if (this.sleptMs > 0) this.sleptMs = Math.max(0, this.stopwatch.milliseconds - untilMs);
    this.keeper.keep(piece, untilMs);
  }

  private tick(look: boolean): void {
    this.signOfLife();
    if (this.sleptThroughSound()) return this.events.onLost('slept');
    const { level, silent, dead, hidden } = this.sound.loudness();
    this.events.onLevel(this.paused ? 0 : level);
    if (dead) return this.events.onLost('microphone_lost');
    if (!look) return;
    const seen = { silent, paused: this.paused, hidden, chunkArrived: this.chunkArrived };
    const { watch, lost } = afterLook(this.watch, seen);
    this.watch = watch;
    this.chunkArrived = false;
    if (lost) this.events.onLost(lost);
  }

  /** A piece or a tick: whichever comes first after a sleep shows that there was one. */
  private signOfLife(): void {
    const now = this.parts.clock();
    const slept = this.paused ? 0 : sleptFor(now - this.aliveAt);
    if (slept > 0) this.awakeSince = now;
    this.sleptMs += slept;
    this.aliveAt = now;
  }

  /** Some phones record on while the page sleeps: what they hand over when it wakes decides whether sound is missing. */
  private sleptThroughSound(): boolean {
    if (this.sleptMs === 0 || this.parts.clock() - this.awakeSince < HANDED_OVER_WITHIN_MS) return false;
    this.sleptMs = isMissing(this.heardMs - this.handed.savedMs) ? this.sleptMs : 0;
    return this.sleptMs > 0;
  }
}
