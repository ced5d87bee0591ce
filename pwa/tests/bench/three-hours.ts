import { StoryRecorder } from '../../collect/capture/recorder';
import { segmentsOf } from '../../collect/store/segments';
import { FakePhone } from '../capture/fakes';
import { keptStory, newDatabase } from '../makers';

const CHUNK_BYTES = 8_192;
const TICKS_A_SECOND = 10;

/** A recording on a clock that only `record` moves, on the browser's own disk. */
class LongRecording {
  private readonly phone = new FakePhone();
  private readonly database = newDatabase();
  private recorder: StoryRecorder | null = null;

  async start(): Promise<void> {
    const database = await this.database;
    const story = await keptStory(database);
    this.recorder = new StoryRecorder(story.id, this.phone.parts(database));
    await this.recorder.start();
  }

  /** So many seconds pass, each with its chunk. Gives the milliseconds until each chunk was on disk. */
  async record(seconds: number): Promise<number[]> {
    const took: number[] = [];
    for (let second = 0; second < seconds; second += 1) {
      this.phone.ticks(TICKS_A_SECOND);
      took.push(await this.keepOne());
    }
    return took;
  }

  /** Ends it. Gives how long that took, and what is kept. */
  async stop(): Promise<{ tookMs: number; chunks: number; bytes: number; savedMs: number; hashed: boolean }> {
    const began = performance.now();
    await this.recorder!.stop();
    const tookMs = performance.now() - began;
    const { recordingId, savedMs } = this.recorder!.view.get();
    const [segment] = await segmentsOf(await this.database, recordingId!);
    return { tookMs, chunks: segment!.chunks, bytes: segment!.size, savedMs, hashed: segment!.sha256 !== null };
  }

  private async keepOne(): Promise<number> {
    const { view } = this.recorder!;
    const { savedMs, problem } = view.get();
    if (problem) throw new Error(problem);
    const began = performance.now();
    await new Promise<void>((resolve, reject) => {
      const leave = view.subscribe((now) => {
        if (now.problem) reject(new Error(now.problem));
        if (now.savedMs === savedMs) return;
        queueMicrotask(() => leave());
        resolve();
      });
      this.phone.microphone.sound!.say(CHUNK_BYTES);
    });
    return performance.now() - began;
  }
}

Object.assign(globalThis, { recording: new LongRecording() });
