import { isBeingStored } from '../domain/after-answer';
import { answerOfPhone, later, type Answer } from '../domain/answer';
import { folderOf } from '../domain/entry-kinds';
import type { OutboxEntry } from '../domain/outbox';
import type { Database } from '../store/database';
import { fileFacts } from '../store/file-facts';
import { FileRows } from '../store/file-rows';
import { needed } from '../store/later-parts';
import type { Api } from './api';
import type { Fetch } from './network';
import type { Watching } from './upload';

/** Sends one entry, whatever its kind, and says what came of it. */
export class Transport {
  constructor(
    private readonly database: Database,
    private readonly api: Api,
    private readonly fetch: Fetch,
  ) {}

  send(entry: OutboxEntry, watching: Watching): Promise<Answer> {
    const folder = folderOf(entry.kind);
    return folder === null ? this.sendFile(entry, watching) : this.api.put(folder, entry.id, entry.body ?? '', watching.stop);
  }

  /** Where it is damaged here, that is the answer only once it is known that the server has none of it. */
  private async sendFile(entry: OutboxEntry, watching: Watching): Promise<Answer> {
    const earlier = wasTried(entry) ? await this.api.receipt(entry.id) : null;
    const startsAnew = earlier?.kind === 'later' && earlier.code === 'being_stored' && !isBeingStored(entry, earlier);
    if (earlier && earlier.kind !== 'refused' && !startsAnew) return earlier;
    const answer = await this.sendBytes(entry, watching).catch(answerOfPhone);
    const isDamaged = answer.kind === 'refused' && answer.code === 'damaged_on_phone';
    return isDamaged && startsAnew ? earlier : answer;
  }

  private async sendBytes(entry: OutboxEntry, watching: Watching): Promise<Answer> {
    const file = await FileRows.of(this.database, entry.id);
    if (file.size !== entry.bytes) return { kind: 'refused', code: 'damaged_on_phone', message: null };
    const { sendFile } = await needed('sending', import('./upload'));
    const announced = await this.api.announce(entry, await fileFacts(this.database, entry), watching.stop);
    if (!('url' in announced)) return announced;
    const stopped = await sendFile(this.fetch, announced.url, file, this.api.headers(), watching);
    // What can never be whole need not lie half sent on the server.
    if (stopped?.kind === 'refused' && stopped.code === 'damaged_on_phone') await this.api.drop(entry.id);
    return stopped ?? this.finalReceipt(entry.id);
  }

  /** All of it was taken; the receipt may still take a moment. */
  private async finalReceipt(id: string): Promise<Answer> {
    const answer = await this.api.receipt(id);
    return answer.kind === 'refused' ? later(answer.code, answer.message) : answer;
  }
}

/** The last answer may have been lost on the way back: it may all be there already. */
function wasTried({ triedAt, attempts, sentBytes }: OutboxEntry): boolean {
  return triedAt !== undefined || attempts > 0 || sentBytes > 0;
}
