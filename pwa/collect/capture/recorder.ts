import { Refusal, type Code } from '../domain/codes';
import { uuidv7 } from '../domain/ids';
import { writable, type Readable } from '../domain/readable';
import {
  WATCH_EVERY_MS,
  afterEvent,
  afterLook,
  isLive,
  type RecorderEvent,
  type RecorderView,
  type WatchState,
} from '../domain/recorder';
import type { RecordingEnd } from '../domain/story';
import { isoWithOffset } from '../domain/time';
import type { Database } from '../store/database';
import { RECORDING_LOCK, type TabLocks } from '../store/locks';
import { openRecording, sealRecording } from '../store/recordings';
import type { Awake } from './awake';
import type { Microphone, Sound } from './microphone';
import { SoundKeeper } from './sound-keeper';
import { Stopwatch } from './stopwatch';

export interface RecorderParts {
  database: Database;
  microphone: Microphone;
  locks: TabLocks;
  awake: Awake;
  alarm: () => void;
  /** Milliseconds that only grow. */
  clock: () => number;
  /** Calls again and again until the returned function is called. */
  every: (ms: number, call: () => void) => () => void;
}

const METER_EVERY_MS = 100;

/** One stretch of sound, from the tap that starts it to the outbox. */
export class StoryRecorder {
  private readonly id = uuidv7();
  private readonly shown = writable<RecorderView>({
    state: 'idle',
    recordingId: null,
    savedMs: 0,
    level: 0,
    problem: null,
    awake: false,
  });
  private readonly stopwatch: Stopwatch;
  private readonly keeper: SoundKeeper;
  private sound: Sound | null = null;
  private release: (() => void) | null = null;
  private stopMeter: (() => void) | null = null;
  private starting: Promise<void> | null = null;
  private ending: Promise<void> | null = null;
  private watch: WatchState = { silentLooks: 0, looksWithoutChunk: 0 };
  private chunkArrived = false;

  constructor(
    private readonly storyId: string,
    private readonly parts: RecorderParts,
  ) {
    this.stopwatch = new Stopwatch(parts.clock);
    this.keeper = new SoundKeeper(
      parts.database,
      this.id,
      (savedMs) => this.show({ savedMs }),
      (code) => this.endBy('failed', 'failed', code),
    );
  }

  get view(): Readable<RecorderView> {
    return this.shown;
  }

  get live(): boolean {
    return isLive(this.state);
  }

  start(): Promise<void> {
    if (!this.move('start')) return this.starting ?? Promise.resolve();
    this.starting = this.arm().catch((error: unknown) => {
      this.show({ problem: error instanceof Refusal ? error.code : 'not_saved' });
      this.move('failed');
      this.letGo();
    });
    return this.starting;
  }

  pause(): void {
    if (!this.move('pause')) return;
    this.sound?.pause();
    this.stopwatch.hold();
  }

  resume(): void {
    if (!this.move('resume')) return;
    this.sound?.resume();
    this.stopwatch.run();
  }

  async stop(): Promise<void> {
    this.move('stop');
    await this.starting;
    if (this.state === 'stopping') this.ending ??= this.end('stopped');
    await this.ending;
  }

  rescue(): Promise<Blob | null> {
    return this.keeper.rescue(this.sound?.type ?? '');
  }

  private async arm(): Promise<void> {
    this.release = await this.parts.locks.take(RECORDING_LOCK + this.id);
    this.sound = await this.parts.microphone.open();
    await openRecording(this.parts.database, {
      id: this.id,
      storyId: this.storyId,
      type: this.sound.type,
      startedAt: isoWithOffset(),
    });
    // Somebody may have stopped while the phone asked about the microphone.
    if (!this.move('armed')) return;
    this.sound.start({
      onChunk: (piece) => this.take(piece),
      onLost: (code) => this.endBy('lost', 'interrupted', code),
    });
    this.stopwatch.run();
    this.show({ recordingId: this.id });
    this.parts.awake.begin((awake) => this.show({ awake }));
    this.startMeter();
  }

  private take(piece: Blob): void {
    if (piece.size > 0) this.chunkArrived = true;
    this.keeper.keep(piece, this.stopwatch.milliseconds);
  }

  private startMeter(): void {
    let ticks = 0;
    this.stopMeter = this.parts.every(METER_EVERY_MS, () => {
      const { level, silent } = this.sound!.loudness();
      const paused = this.state === 'paused';
      this.show({ level: paused ? 0 : level });
      ticks += 1;
      if (ticks % (WATCH_EVERY_MS / METER_EVERY_MS) === 0) this.look(silent, paused);
    });
  }

  private look(silent: boolean, paused: boolean): void {
    const { watch, lost } = afterLook(this.watch, { silent, paused, chunkArrived: this.chunkArrived });
    this.watch = watch;
    this.chunkArrived = false;
    if (lost) this.endBy('lost', 'interrupted', lost);
  }

  /** The phone, not a person, ends it. */
  private endBy(event: RecorderEvent, ended: RecordingEnd, code: Code): void {
    if (!this.move(event)) return;
    this.show({ problem: code });
    this.parts.alarm();
    this.ending ??= this.end(ended);
  }

  private async end(ended: RecordingEnd): Promise<void> {
    this.stopMeter?.();
    this.show({ level: 0 });
    try {
      await this.sound?.stop();
      await this.keeper.settled();
      const recording = await sealRecording(this.parts.database, this.id, ended);
      if (!recording) this.show({ recordingId: null, problem: this.shown.get().problem ?? 'empty_recording' });
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
    this.stopwatch.hold();
    this.sound?.close();
    this.parts.awake.end();
    this.release?.();
    this.show({ awake: false });
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
