import { Refusal } from '../domain/codes';
import { writable, type Readable } from '../domain/readable';
import { LONGEST_STATEMENT_MS, type StatementView } from '../domain/statement';
import type { Microphone, Sound } from './microphone';
import { Stopwatch } from './stopwatch';

export interface StatementParts {
  microphone: Microphone;
  /** Milliseconds that only grow. */
  clock: () => number;
  /** Calls again and again until the returned function is called. */
  every: (ms: number, call: () => void) => () => void;
}

const LOOK_EVERY_MS = 100;
const NOTHING: StatementView = { state: 'idle', milliseconds: 0, level: 0, problem: null };

/** Somebody saying what they agree to. It stays in memory, to be heard before it is kept or dropped. */
export class StatementRecorder {
  private readonly shown = writable<StatementView>(NOTHING);
  private readonly stopwatch: Stopwatch;
  private sound: Sound | null = null;
  private stopLooking: () => void = () => undefined;
  private pieces: Blob[] = [];
  private dropped = false;
  private ending: Promise<void> | null = null;

  constructor(private readonly parts: StatementParts) {
    this.stopwatch = new Stopwatch(parts.clock);
  }

  get view(): Readable<StatementView> {
    return this.shown;
  }

  /** Call from a tap. Never throws: what stands in the way is in `view`. */
  async start(): Promise<void> {
    if (this.shown.get().state !== 'idle') return;
    this.show({ state: 'starting' });
    try {
      this.sound = await this.parts.microphone.open();
    } catch (error) {
      return this.show({ state: 'failed', problem: error instanceof Refusal ? error.code : 'unknown' });
    }
    // Somebody may have left while the phone asked about the microphone.
    if (this.dropped) return this.sound.close();
    this.sound.start({
      onChunk: (piece) => void this.pieces.push(piece),
      onLost: (problem) => {
        this.show({ problem });
        void this.stop();
      },
    });
    this.stopwatch.run();
    this.show({ state: 'recording' });
    this.stopLooking = this.parts.every(LOOK_EVERY_MS, () => this.look());
  }

  /** What was said, to play and to keep; null when nothing was. */
  async stop(): Promise<Blob | null> {
    if (this.shown.get().state === 'recording') this.ending ??= this.end();
    await this.ending;
    const said = new Blob(this.pieces, { type: this.sound?.type ?? '' });
    return said.size > 0 ? said : null;
  }

  /** Lets the microphone go, and forgets what was said. */
  drop(): void {
    this.dropped = true;
    this.stopLooking();
    this.sound?.close();
    this.pieces = [];
  }

  private async end(): Promise<void> {
    this.stopLooking();
    this.stopwatch.hold();
    this.show({ level: 0, milliseconds: this.stopwatch.milliseconds });
    // The last of what was said comes only now.
    await this.sound?.stop();
    this.sound?.close();
    this.show({ state: 'done' });
  }

  private look(): void {
    const { milliseconds } = this.stopwatch;
    this.show({ milliseconds, level: this.sound?.loudness().level ?? 0 });
    if (milliseconds >= LONGEST_STATEMENT_MS) void this.stop();
  }

  private show(change: Partial<StatementView>): void {
    this.shown.set({ ...this.shown.get(), ...change });
  }
}
