import { Refusal } from '../domain/codes';
import { mayCapture, type MayCapture } from '../domain/consent';
import { uuidv7 } from '../domain/ids';
import { participantsOf, type PhotoDraft, type PhotoWords, type Story } from '../domain/story';
import { inRange } from '../domain/text';
import { isoWithOffset } from '../domain/time';
import { together } from '../domain/together';
import { joinedBytes } from '../store/bytes';
import type { Database } from '../store/database';
import { savePhoto, saveQuote } from '../store/parts';
import { storyWithConsents } from '../store/stories';

const LONGEST_QUOTE = 5_000;

/** What a researcher does with a story: adds to it what those who tell it agreed to. */
export class StoryDesk {
  constructor(private readonly database: Database) {}

  async addPhoto(storyId: string, taken: PhotoDraft, about: PhotoWords): Promise<string> {
    const { story, may } = await this.found(storyId);
    if (!may.photos) throw new Refusal('use_refused');
    const { id, bytes, width, height, takenAt } = taken;
    const photo = {
      id,
      storyId,
      size: bytes.byteLength,
      type: 'image/jpeg' as const,
      width,
      height,
      description: about.description.trim(),
      people: about.people,
      ...(about.peopleNote.trim() && { peopleNote: about.peopleNote.trim() }),
      takenAt,
      released: false,
    };
    await savePhoto(this.database, story.personId, photo, bytes);
    return photo.id;
  }

  async addQuote(storyId: string, text: string, participantId = ''): Promise<string> {
    const { story, may } = await this.found(storyId);
    if (!may.quotes) throw new Refusal('use_refused');
    const words = text.trim();
    if (!inRange(words, 1, LONGEST_QUOTE)) throw new Refusal('invalid');
    const said = { id: uuidv7(), storyId, text: words, writtenAt: isoWithOffset() };
    const quote = { ...said, ...(participantId && { participantId }) };
    await saveQuote(this.database, story.personId, quote);
    return quote.id;
  }

  async partBlob(partId: string): Promise<Blob | null> {
    const type = await this.database.read(['segments', 'photos'], async (tx) => {
      const segment = await tx.objectStore('segments').get(partId);
      return (segment ?? (await tx.objectStore('photos').get(partId)))?.type;
    });
    const bytes = type === undefined ? null : await joinedBytes(this.database, partId);
    return bytes && new Blob([bytes], { type: type! });
  }

  private async found(storyId: string): Promise<{ story: Story; may: MayCapture }> {
    const { story, consents } = await storyWithConsents(this.database, storyId);
    const { answers } = together(participantsOf(story), consents);
    return { story, may: mayCapture(answers, story.withoutRecording) };
  }
}
