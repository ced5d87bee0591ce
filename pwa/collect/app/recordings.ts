import type { MicrophoneCheck, Recorder, Recovered } from '../app-core';
import { MicrophoneTest } from '../capture/microphone-test';
import { StoryRecorder, type RecorderParts } from '../capture/recorder';
import { recoverRecordings, type Found } from '../capture/recovery';
import { Refusal } from '../domain/codes';
import { writable } from '../domain/readable';
import { isUnderWay } from '../domain/recorder';
import type { StoryView } from '../domain/story';
import { RECORDING_LOCK } from '../store/locks';
import { discardPart } from '../store/parts';
import { queueEverything, queueRecording } from '../store/queueing';
import { endRecording, recordingById } from '../store/recordings';

/** What a researcher does with sound: records it, goes on with what was cut off, and says what to keep. */
export class RecordingDesk {
  /** What a crash cut off, until somebody says what to do with it. */
  readonly recovered = writable<Recovered[]>([]);
  private found: Found[] = [];
  private stories: readonly StoryView[] = [];
  private recorder: StoryRecorder | null = null;
  private recovering: Promise<void> = Promise.resolve();

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
    const locks = { ...this.parts.locks, take: (name: string) => this.takeLock(name) };
    this.recorder = new StoryRecorder(story.id, { ...this.parts, locks }, continues);
    this.recorder.view.subscribe((view) => {
      // Until it goes on, it is still there to be kept, gone on with or deleted.
      if (continues && view.state === 'recording') this.dismiss(continues);
      this.onChange();
    });
    return this.recorder;
  }

  newCheck(): MicrophoneCheck {
    return new MicrophoneTest(this.parts);
  }

  /** Seals and queues what was cut off or could not be until now. It needs no key, and holds nothing else up. */
  recover(): Promise<void> {
    this.recovering = this.recovering.then(() => this.sealLeft()).catch(() => undefined);
    return this.recovering.then(() => queueEverything(this.parts.database)).catch(() => undefined);
  }

  /** Puts names to what was found; there are none while the phone is locked. */
  name(stories: readonly StoryView[]): void {
    this.stories = stories;
    this.recovered.set(
      this.found.map((one) => {
        const story = stories.find(({ id }) => id === one.storyId);
        return { ...one, pseudonym: story?.pseudonym ?? '', projectName: story?.projectName ?? '' };
      }),
    );
  }

  /**
   * Ends a recording that was cut off, and sends it. While the phone is locked, that waits for the next unlocking.
   * Throws `already_recording` while any tab records, for it may be this one that goes on.
   */
  async keep(recordingId: string): Promise<void> {
    await this.whileNobodyRecords(() => endRecording(this.parts.database, recordingId));
    this.dismiss(recordingId);
    await queueRecording(this.parts.database, recordingId).catch(() => undefined);
  }

  /** Removes a part that only this phone holds. Throws `already_recording` where another tab may be making it. */
  async discard(partId: string): Promise<void> {
    const { database } = this.parts;
    const isOpen = (await recordingById(database, partId))?.state === 'open';
    await (isOpen ? this.whileNobodyRecords(() => discardPart(database, partId)) : discardPart(database, partId));
  }

  dismiss(recordingId: string): void {
    const others = <Row extends { recordingId: string }>(rows: Row[]): Row[] =>
      rows.filter((row) => row.recordingId !== recordingId);
    this.found = others(this.found);
    this.recovered.update(others);
  }

  /** Lets no recording begin until `work` is done. Throws `already_recording` while any tab makes one. */
  async whileNobodyRecords(work: () => Promise<unknown>): Promise<void> {
    const release = await this.takeLock(RECORDING_LOCK);
    if (!release) throw new Refusal('already_recording');
    try {
      await work();
    } finally {
      release();
    }
  }

  private async sealLeft(): Promise<void> {
    const found = await recoverRecordings(this.parts.database, this.parts.locks);
    if (!found) return;
    // What held no sound was removed when it was found, and is not found again.
    const again = new Set(found.map(({ recordingId }) => recordingId));
    const empty = this.found.filter((one) => one.savedMs === 0 && !again.has(one.recordingId));
    this.found = [...empty, ...found];
    this.name(this.stories);
  }

  /** This tab's own looking after what was cut off must not look like another recording. */
  private async takeLock(name: string): Promise<(() => void) | null> {
    await this.recovering;
    return this.parts.locks.take(name);
  }
}
