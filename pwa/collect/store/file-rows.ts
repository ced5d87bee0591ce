import { Refusal } from '../domain/codes';
import { openRow, rowsOf } from './bytes';
import type { Database } from './database';

interface Place {
  number: number;
  start: number;
  end: number;
}

/**
 * A file on this phone, read without ever having more than a row or two of it in memory. The rows are of any size, so
 * a slice may cross several.
 */
export class FileRows {
  private opened: { number: number; bytes: ArrayBuffer } | null = null;

  private constructor(
    private readonly database: Database,
    private readonly partId: string,
    private readonly places: Place[],
  ) {}

  /** Looks where each row begins. It ends before the first gap: what follows a missing row would be wrong. */
  static async of(database: Database, partId: string): Promise<FileRows> {
    const places = await database.read(['chunks'], async (tx) => {
      const found: Place[] = [];
      let start = 0;
      let cursor = await tx.objectStore('chunks').openCursor(rowsOf(partId));
      while (cursor && cursor.value.number === found.length) {
        const { number, size } = cursor.value;
        found.push({ number, start, end: (start += size) });
        cursor = await cursor.continue();
      }
      return found;
    });
    return new FileRows(database, partId, places);
  }

  /** Bytes that are here. */
  get size(): number {
    return this.places.at(-1)?.end ?? 0;
  }

  /** The bytes from `start` to before `end`. Throws `locked`, or `damaged_on_phone` when a row is not what it was. */
  async slice(start: number, end: number): Promise<Blob> {
    const pieces: ArrayBuffer[] = [];
    for (const place of this.places) {
      if (place.end <= start || place.start >= end) continue;
      const bytes = await this.open(place.number);
      pieces.push(bytes.slice(Math.max(0, start - place.start), end - place.start));
    }
    return new Blob(pieces);
  }

  private async open(number: number): Promise<ArrayBuffer> {
    if (this.opened?.number === number) return this.opened.bytes;
    const row = await this.database.read(['chunks'], (tx) => tx.objectStore('chunks').get([this.partId, number]));
    if (!row) throw new Refusal('story_missing', 'a row has gone');
    this.opened = { number, bytes: await openRow(this.database, row) };
    return this.opened.bytes;
  }
}
