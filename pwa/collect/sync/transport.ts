import { later, type Answer } from '../domain/answer';
import { Refusal } from '../domain/codes';
import { isBeingStored, type OutboxEntry } from '../domain/outbox';
import { joinedBytes, sha256 } from '../store/bytes';
import type { Database } from '../store/database';
import { fromRow } from '../store/rows';
import type { Api } from './api';
import type { Fetch } from './network';
import { sendFile } from './upload';

export type Progress = (sentBytes: number) => void;

/** Sends one entry, whatever its kind, and says what came of it. */
export class Transport {
  constructor(
    private readonly database: Database,
    private readonly api: Api,
    private readonly fetch: Fetch,
  ) {}

  send(entry: OutboxEntry, onProgress: Progress): Promise<Answer> {
    const { kind } = entry;
    if (kind === 'recording' || kind === 'photo') return this.sendPart(entry, onProgress);
    return this.api.put({ ...entry, kind });
  }

  private async sendPart(entry: OutboxEntry, onProgress: Progress): Promise<Answer> {
    if (entry.attempts > 0 || entry.sentBytes > 0) {
      // The last answer may have been lost on the way back: it may all be there already.
      const earlier = await this.api.receipt(entry.id);
      const startsAnew = earlier.kind === 'later' && earlier.code === 'being_stored' && !isBeingStored(entry, earlier);
      if (earlier.kind !== 'refused' && !startsAnew) return earlier;
    }
    const bytes = await joinedBytes(this.database, entry.id).catch(damaged);
    if (bytes === null || (await sha256(bytes)) !== entry.sha256)
      return { kind: 'refused', code: 'damaged_on_phone', message: null };
    const announced = await this.api.announce(entry, await this.metadata(entry));
    if (!('url' in announced)) return announced;
    const file = new Blob([bytes]);
    const stopped = await sendFile(this.fetch, announced.url, file, this.api.headers(), onProgress);
    return stopped ?? this.finalReceipt(entry.id);
  }

  /** All of it was taken; the receipt may still take a moment. */
  private async finalReceipt(id: string): Promise<Answer> {
    const answer = await this.api.receipt(id);
    return answer.kind === 'refused' ? later(answer.code, answer.message) : answer;
  }

  private async metadata(entry: OutboxEntry): Promise<Record<string, string>> {
    const shared = { id: entry.id, kind: entry.kind, story_id: entry.storyId, sha256: entry.sha256 };
    const position = String(entry.position);
    const { recording, photo } = await this.database.read(['recordings', 'photos'], async (tx) => ({
      recording: await tx.objectStore('recordings').get(entry.id),
      photo: await tx.objectStore('photos').get(entry.id),
    }));
    if (recording) {
      const { type, startedAt, durationMs } = recording;
      return { ...shared, type, started_at: startedAt, duration_ms: String(durationMs), position };
    }
    const kept = photo && (await fromRow(this.database, 'photos', photo));
    const { type = 'image/jpeg', takenAt = entry.createdAt, description = '' } = kept ?? {};
    return { ...shared, type, started_at: takenAt, description, position };
  }
}

/** A row that does not open is as if it were not there; what is only locked waits. */
function damaged(error: unknown): null {
  if (error instanceof Refusal && error.code === 'damaged_on_phone') return null;
  throw error;
}
