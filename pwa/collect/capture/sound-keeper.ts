import { Refusal, type Code } from '../domain/codes';
import { joinedBytes } from '../store/bytes';
import type { Database } from '../store/database';
import { saveSound, type Counted } from '../store/segments';
import type { WholeHash } from '../store/whole-hash';

/** Puts the pieces of one segment on disk, one after another, and stops for good at the first that fails. */
export class SoundKeeper {
  private queue: Promise<void> = Promise.resolve();
  private nextChunk = 0;
  private broken = false;
  private counted = false;
  private closed = false;
  private readonly unsaved: Blob[] = [];
  private hash: WholeHash | null = null;

  constructor(
    private readonly database: Database,
    private readonly segmentId: string,
    private readonly onSaved: (untilMs: number) => void,
    private readonly onFailed: (code: Code) => void,
  ) {
    void import('../store/whole-hash').then(
      async ({ wholeHash }) => (this.hash = await wholeHash()),
      () => undefined,
    );
  }

  keep(piece: Blob, untilMs: number): void {
    if (piece.size === 0) return;
    // Too late for its segment, which may be sealed and sent by now.
    if (this.closed) return void this.unsaved.push(piece);
    this.queue = this.queue.then(() => this.save(piece, untilMs));
  }

  /** Resolves when every piece is on disk, or is known not to be. No other is taken after it. */
  async close(): Promise<void> {
    for (let last = null; last !== this.queue; ) await (last = this.queue);
    this.closed = true;
  }

  /**
   * The hash of all that is on disk. Call it once, after `close`. Null where it was not counted along, and after a
   * failure, which may have been reported of something that had reached the disk.
   */
  digest(): Counted | null {
    return this.counted && !this.broken ? { sha256: this.hash!.digest(), chunks: this.nextChunk } : null;
  }

  /** What is on disk and what could not be, as one file; null when nothing is missing. */
  async rescue(type: string): Promise<Blob | null> {
    if (this.unsaved.length === 0) return null;
    const saved = await joinedBytes(this.database, this.segmentId).catch(() => null);
    return new Blob([...(saved ? [saved] : []), ...this.unsaved], { type });
  }

  private async save(piece: Blob, untilMs: number): Promise<void> {
    // Sound after a missing piece decodes without an error and is wrong, so none may follow it.
    if (this.broken) return void this.unsaved.push(piece);
    try {
      const bytes = await piece.arrayBuffer();
      const first = this.nextChunk;
      this.nextChunk = await saveSound(this.database, this.segmentId, first, bytes, untilMs);
      // Saving waits for nothing: what is not counted along is counted once the segment is sealed.
      this.counted = this.hash !== null && (this.counted || first === 0);
      if (this.counted) this.hash!.add(bytes);
      this.onSaved(untilMs);
    } catch (error) {
      this.broken = true;
      this.unsaved.push(piece);
      this.onFailed(error instanceof Refusal ? error.code : 'not_saved');
    }
  }
}
