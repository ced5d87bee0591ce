import type { Listening, Microphone, Sound, SoundEvents } from '../../collect/capture/microphone';
import type { RecorderParts } from '../../collect/capture/recorder';
import { Refusal, type Code } from '../../collect/domain/codes';
import type { Clocks } from '../../collect/domain/moment';
import type { Database } from '../../collect/store/database';
import { Browser } from '../makers';

/** A microphone that speaks when a test says so. */
export class FakeMicrophone implements Microphone {
  sound: FakeSound | null = null;
  refusal: Code | null = null;
  /** Loudness that a check of the microphone finds. */
  hears = 0;
  closed = 0;
  /** Set to make `open` wait for a person's answer. */
  asking: Promise<void> = Promise.resolve();

  async open(): Promise<Sound> {
    await this.asking;
    if (this.refusal) throw new Refusal(this.refusal);
    this.sound = new FakeSound();
    return this.sound;
  }

  isAllowed = (): Promise<boolean> => Promise.resolve(false);

  async listen(): Promise<Listening> {
    await this.asking;
    if (this.refusal) throw new Refusal(this.refusal);
    return { hear: () => ({ level: this.hears, silent: this.hears === 0 }), close: () => void (this.closed += 1) };
  }
}

export class FakeSound implements Sound {
  readonly type = 'audio/webm;codecs=opus';
  events: SoundEvents | null = null;
  silent = false;
  dead = false;
  hidden = false;
  closed = false;
  /** Handed over by `stop`, as a real recorder does. */
  last: Blob | null = null;

  start(events: SoundEvents): void {
    this.events = events;
  }
  say(length: number): void {
    this.events!.onChunk(new Blob([new Uint8Array(length).fill(7)]));
  }
  pause(): void {}
  resume(): void {}
  async stop(): Promise<void> {
    // A real recorder encodes for a moment longer.
    await Promise.resolve();
    if (this.last) this.events?.onChunk(this.last);
  }
  loudness = () => ({ level: 0.4, silent: this.silent, dead: this.dead, hidden: this.hidden });
  close(): void {
    this.closed = true;
  }
}

/** Everything a recorder needs; `ticks` moves its clock and its meter. */
export class FakePhone {
  readonly microphone = new FakeMicrophone();
  readonly browser = new Browser();
  alarms = 0;
  time = 0;
  /** Milliseconds through which its growing clock stood still. */
  asleep = 0;
  private readonly ticking = new Set<() => void>();

  parts(database: Database): RecorderParts & Clocks {
    return {
      database,
      microphone: this.microphone,
      locks: this.browser.tab(),
      awake: { begin: (tell) => tell(true), end: () => undefined },
      alarm: () => void (this.alarms += 1),
      clock: () => this.time,
      now: () => Date.UTC(2026, 10, 21) + this.time + this.asleep,
      every: (_ms, call) => {
        this.ticking.add(call);
        return () => void this.ticking.delete(call);
      },
    };
  }

  /** So many tenths of a second pass. */
  ticks(count: number): void {
    for (let done = 0; done < count; done += 1) {
      this.time += 100;
      for (const call of [...this.ticking]) call();
    }
  }

  /** The browser is killed: nothing of it runs any more, and its locks are free. */
  crash(): void {
    if (this.microphone.sound) this.microphone.sound.events = null;
    this.ticking.clear();
    this.browser.held.clear();
  }

  /** The phone sleeps: time passes, and nothing on it moves. */
  sleep(ms: number): void {
    this.time += ms;
  }
}
