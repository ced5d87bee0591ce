import type { MicrophoneCheck, Recorder, Recovered } from '../app-core';
import { MicrophoneTest } from '../capture/microphone-test';
import { StoryRecorder, type RecorderParts } from '../capture/recorder';
import { recoverRecordings, type Found } from '../capture/recovery';
import { Refusal } from '../domain/codes';
import { writable } from '../domain/readable';
import { isUnderWay } from '../domain/recorder';
import type { StoryView } from '../domain/story';
import { queueEverything, queueRecording } from '../store/queueing';
import { endRecording } from '../store/recordings';

/** What a researcher does with sound: records it, goes on with what was cut off, and says what to keep. */
export class RecordingDesk {
  /** What a crash cut off, until somebody says what to do with it. */
  readonly recovered = writable<Recovered[]>([]);
  private found: Found[] = [];
  private recorder: StoryRecorder | null = null;

  constructor(
    private readonly parts: RecorderParts,
    private readonly onChange: () => void,
  ) {}

  get isRecording(): boolean {
    return this.recorder?.live ?? false;
  }

  /** True while the microphone is in use. */
  get isUnderWay(): boolean {
    return this.recorder !== null && isUnderWay(this.recorder.view.get().state);
  }

  /** `continues` is a recording that was cut off, to go on with. */
  newRecorder(story: StoryView, continues: string | null = null): Recorder {
    if (!story.may.recording) throw new Refusal('use_refused');
    if (this.isRecording) throw new Refusal('already_recording');
    this.recorder = new StoryRecorder(story.id, this.parts, continues);
    this.recorder.view.subscribe(this.onChange);
    if (continues) this.dismiss(continues);
    return this.recorder;
  }

  newCheck(): MicrophoneCheck {
    return new MicrophoneTest(this.parts);
  }

  /** Seals what a crash cut off. It needs no key. */
  async recover(): Promise<void> {
    this.found = await recoverRecordings(this.parts.database, this.parts.locks);
  }

  /** Puts names to what was found; there are none while the phone is locked. */
  name(stories: readonly StoryView[]): void {
    this.recovered.set(
      this.found.map((one) => {
        const story = stories.find(({ id }) => id === one.storyId);
        return { ...one, pseudonym: story?.pseudonym ?? '', projectName: story?.projectName ?? '' };
      }),
    );
  }

  /** What could not be queued while the phone was locked is queued now. */
  queueLeft(): Promise<void> {
    return queueEverything(this.parts.database);
  }

  /** Ends a recording that was cut off, and sends it. While the phone is locked, that waits for the next unlocking. */
  async keep(recordingId: string): Promise<void> {
    await endRecording(this.parts.database, recordingId);
    this.dismiss(recordingId);
    await queueRecording(this.parts.database, recordingId).catch(() => undefined);
  }

  dismiss(recordingId: string): void {
    const others = <Row extends { recordingId: string }>(rows: Row[]): Row[] =>
      rows.filter((row) => row.recordingId !== recordingId);
    this.found = others(this.found);
    this.recovered.update(others);
  }
}
