import type { Code } from '../domain/codes';
import { Refusal } from '../domain/codes';
import { joinedBytes } from '../store/bytes';
import type { Database } from '../store/database';
import { saveSound } from '../store/recordings';

/** Puts the pieces of one recording on disk, one after another, and stops for good at the first that fails. */
export class SoundKeeper {
  private queue: Promise<void> = Promise.resolve();
  private nextChunk = 0;
  private broken = false;
  private readonly unsaved: Blob[] = [];

  constructor(
    private readonly database: Database,
    private readonly recordingId: string,
    private readonly onSaved: (untilMs: number) => void,
    private readonly onFailed: (code: Code) => void,
  ) {}

  keep(piece: Blob, untilMs: number): void {
    if (piece.size === 0) return;
    this.queue = this.queue.then(() => this.save(piece, untilMs));
  }

  /** Resolves when every piece handed over so far is on disk, or is known not to be. */
  settled(): Promise<void> {
    return this.queue;
  }

  /** What is on disk and what could not be, as one file; null when nothing is missing. */
  async rescue(type: string): Promise<Blob | null> {
    if (this.unsaved.length === 0) return null;
    const saved = await joinedBytes(this.database, this.recordingId).catch(() => null);
    return new Blob([...(saved ? [saved] : []), ...this.unsaved], { type });
  }

  private async save(piece: Blob, untilMs: number): Promise<void> {
    // Sound after a missing piece decodes without an error and is wrong, so none may follow it.
    if (this.broken) return void this.unsaved.push(piece);
    try {
      const bytes = await piece.arrayBuffer();
      this.nextChunk = await saveSound(this.database, this.recordingId, this.nextChunk, bytes, untilMs);
      this.onSaved(untilMs);
    } catch (error) {
      this.broken = true;
      this.unsaved.push(piece);
      this.onFailed(error instanceof Refusal ? error.code : 'not_saved');
    }
  }
}
