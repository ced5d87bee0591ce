import type { Photos } from '../app-core';
import { takePicture, type ImageOpener } from '../capture/photos';
import { uuidv7 } from '../domain/ids';
import type { PhotoDraft } from '../domain/story';
import { isoWithOffset } from '../domain/time';
import type { Database } from '../store/database';
import { forgetPhotoDraft, keepPhotoDraft, longestEdgeIn, readPhotoDraft } from '../store/photo-drafts';

/** Photos from the camera until they are saved: one for each story, sealed, so that a locked phone loses none. */
export class PhotoDesk implements Photos {
  private writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly openImage: ImageOpener | undefined,
  ) {}

  take(storyId: string, file: Blob): Promise<PhotoDraft> {
    return this.next(async () => {
      const picture = await takePicture(file, await longestEdgeIn(this.database, storyId), this.openImage);
      const photo = { ...picture, id: uuidv7(), takenAt: isoWithOffset(), description: '', peopleNote: '' };
      await forgetPhotoDraft(this.database, storyId);
      // Where it cannot be kept, it can still be looked at and saved.
      await keepPhotoDraft(this.database, storyId, photo).catch(() => undefined);
      return photo;
    });
  }

  unsaved(storyId: string): Promise<PhotoDraft | null> {
    return this.next(() => readPhotoDraft(this.database, storyId));
  }

  keep(storyId: string, photo: PhotoDraft | null): Promise<void> {
    return this.next(() =>
      photo ? keepPhotoDraft(this.database, storyId, photo) : forgetPhotoDraft(this.database, storyId),
    );
  }

  /** One after another, so that what was said last is what stays, and nothing comes behind a photo that was saved. */
  next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.writing.then(work);
    this.writing = done.catch(() => undefined);
    return done;
  }
}
