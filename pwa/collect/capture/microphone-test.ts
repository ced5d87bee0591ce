import { Refusal, type Code } from '../domain/codes';
import { HEARD_LEVEL, type HearingView } from '../domain/hearing';
import { writable, type Readable } from '../domain/readable';
import type { Listening, Microphone } from './microphone';

const LOOK_EVERY_MS = 100;

export interface TestParts {
  microphone: Pick<Microphone, 'listen' | 'isAllowed'>;
  every: (ms: number, call: () => void) => () => void;
}

/** Listens for a moment without keeping anything, so that somebody sees that the microphone works. */
export class MicrophoneTest {
  private readonly shown = writable<HearingView>({ state: 'idle', level: 0, heard: false, problem: null });
  private listening: Listening | null = null;
  private stop: (() => void) | null = null;
  private closed = false;

  constructor(private readonly parts: TestParts) {}

  get view(): Readable<HearingView> {
    return this.shown;
  }

  /** Starts without a tap where the phone asks nobody. */
  async startIfAllowed(): Promise<void> {
    if (await this.parts.microphone.isAllowed()) await this.start();
  }

  /** Never throws: what stands in the way is in `view`. */
  async start(): Promise<void> {
    if (this.shown.get().state !== 'idle') return;
    this.closed = false;
    this.show({ state: 'asking', problem: null });
    try {
      this.listening = await this.parts.microphone.listen();
      // Somebody may have gone on while the phone asked.
      if (this.closed) return this.close();
      this.show({ state: 'listening' });
      this.stop = this.parts.every(LOOK_EVERY_MS, () => this.look());
    } catch (error) {
      const problem: Code = error instanceof Refusal ? error.code : 'microphone_missing';
      this.show({ state: 'idle', problem });
    }
  }

  close(): void {
    this.closed = true;
    this.stop?.();
    this.listening?.close();
    this.listening = null;
    this.show({ state: 'idle', level: 0 });
  }

  private look(): void {
    const { level } = this.listening!.hear();
    this.show({ level, heard: this.shown.get().heard || level > HEARD_LEVEL });
  }

  private show(change: Partial<HearingView>): void {
    this.shown.set({ ...this.shown.get(), ...change });
  }
}
