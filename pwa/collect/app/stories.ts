import type { Recorder } from '../app-core';
import { takePicture, type ImageOpener } from '../capture/photos';
import { StoryRecorder, type RecorderParts } from '../capture/recorder';
import { Refusal } from '../domain/codes';
import { mayCapture, type ConsentRecord } from '../domain/consent';
import { receiptCode, uuidv7 } from '../domain/ids';
import type { Story, StoryDraft, StoryView } from '../domain/story';
import { isoWithOffset } from '../domain/time';
import { joinedBytes } from '../store/bytes';
import { discardPart, savePhoto, saveQuote } from '../store/parts';
import { saveStory, storyWithConsent } from '../store/stories';

const LONGEST_QUOTE = 5_000;

/** What a researcher does with a story: starts it, and adds to it what its consent allows. */
export class StoryDesk {
  private recorder: StoryRecorder | null = null;

  constructor(
    private readonly recording: RecorderParts,
    private readonly openImage: ImageOpener | undefined,
    private readonly onRecorderChange: () => void,
  ) {}

  get isRecording(): boolean {
    return this.recorder?.live ?? false;
  }

  async start(projectId: string, personId: string, draft: StoryDraft): Promise<Story> {
    const now = isoWithOffset();
    const story: Story = {
      id: uuidv7(),
      projectId,
      personId,
      conversationId: uuidv7(),
      pseudonym: draft.pseudonym.trim(),
      place: draft.place.trim(),
      toldAt: now,
      receiptCode: receiptCode(),
    };
    if (!inRange(story.pseudonym, 1, 80) || !inRange(story.place, 0, 120)) throw new Refusal('invalid');
    const { wordingId, answers, how, forWhom } = draft;
    const consent: ConsentRecord = {
      id: uuidv7(),
      projectId,
      storyId: story.id,
      wordingId,
      answers: { ...answers },
      how,
      forWhom,
      givenAt: now,
    };
    await saveStory(this.recording.database, story, consent);
    return story;
  }

  newRecorder(story: StoryView): Recorder {
    if (!story.may.recording) throw new Refusal('use_refused');
    if (this.isRecording) throw new Refusal('already_recording');
    this.recorder = new StoryRecorder(story.id, this.recording);
    this.recorder.view.subscribe(this.onRecorderChange);
    return this.recorder;
  }

  async addPhoto(storyId: string, file: Blob, description: string): Promise<string> {
    const { story, consent } = await storyWithConsent(this.recording.database, storyId);
    if (!mayCapture(consent.answers).photos) throw new Refusal('use_refused');
    const { bytes, width, height } = await takePicture(file, this.openImage);
    const photo = {
      id: uuidv7(),
      storyId,
      size: bytes.byteLength,
      type: 'image/jpeg' as const,
      width,
      height,
      description: description.trim(),
      takenAt: isoWithOffset(),
      released: false,
    };
    await savePhoto(this.recording.database, story.personId, photo, bytes);
    return photo.id;
  }

  async addQuote(storyId: string, text: string): Promise<string> {
    const { story, consent } = await storyWithConsent(this.recording.database, storyId);
    if (!mayCapture(consent.answers).quotes) throw new Refusal('use_refused');
    const words = text.trim();
    if (!inRange(words, 1, LONGEST_QUOTE)) throw new Refusal('invalid');
    const quote = { id: uuidv7(), storyId, text: words, writtenAt: isoWithOffset() };
    await saveQuote(this.recording.database, story.personId, quote);
    return quote.id;
  }

  discard(partId: string): Promise<void> {
    return discardPart(this.recording.database, partId);
  }

  async partBlob(partId: string): Promise<Blob | null> {
    const { database } = this.recording;
    const type = await database.read(['recordings', 'photos'], async (tx) => {
      const recording = await tx.objectStore('recordings').get(partId);
      return (recording ?? (await tx.objectStore('photos').get(partId)))?.type;
    });
    const bytes = type === undefined ? null : await joinedBytes(database, partId);
    return bytes && new Blob([bytes], { type: type! });
  }
}

/** Counted as the server counts: in characters, not in halves of them. */
function inRange(text: string, least: number, most: number): boolean {
  const { length } = [...text];
  return length >= least && length <= most;
}
