import type { Receipt } from '../domain/answer';
import { afterAnswer } from '../domain/after-answer';
import type { Database } from '../store/database';
import { feedCursor, keepPage } from '../store/feed';
import { eraseStory } from '../store/erasing';
import { keepReceipt, openEntry, sendAgain } from '../store/outbox';
import { hasStory } from '../store/stories';
import type { Api } from './api';

/** Reads the server's feed from where it was left, and does what it says. */
export class Follower {
  constructor(
    private readonly database: Database,
    private readonly api: Api,
    private readonly now: () => number,
  ) {}

  /** How many stories left this phone because they were withdrawn; null when the feed could not be read to its end. */
  async follow(personId: string): Promise<number | null> {
    let ended = 0;
    for (let more = true; more; ) {
      const after = await feedCursor(this.database, personId);
      const page = await this.api.changes(after);
      if (!page) return null;
      // Acting twice changes nothing, so it comes before the cursor moves on.
      for (const change of page.changes) {
        if (change.kind === 'tombstone') ended += await this.forget(change.storyId);
        if (change.kind === 'receipt') await this.received(change.receipt);
      }
      if (page.next !== after || page.reset || after === 0) await keepPage(this.database, personId, page, after);
      if (page.reset) await sendAgain(this.database, null);
      more = page.more;
    }
    return ended;
  }

  private async forget(storyId: string): Promise<number> {
    const counts = await hasStory(this.database, storyId);
    // A part may have been kept while its story was being erased in another tab.
    await eraseStory(this.database, storyId);
    return counts ? 1 : 0;
  }

  /** The answer to something sent may have been lost; the feed brings its receipt. */
  private async received(receipt: Receipt): Promise<void> {
    // What is locked or damaged is asked for again when its turn comes.
    const entry = await openEntry(this.database, receipt.id).catch(() => null);
    if (!entry || entry.state === 'stored' || entry.sha256 !== receipt.sha256) return;
    await keepReceipt(this.database, afterAnswer(entry, { kind: 'receipt', receipt }, this.now(), 0));
  }
}
