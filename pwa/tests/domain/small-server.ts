import { later, type Answer } from '../../collect/domain/answer';
import { isMedia } from '../../collect/domain/entry-kinds';
import type { OutboxEntry } from '../../collect/domain/outbox';

/** What a server does with one entry, without a network: enough to lose its answers and to send things twice. */
export class SmallServer {
  readonly held = new Map<string, string>();
  readonly ended = new Set<string>();
  /** Who is signed in on the phone. */
  person: string | null = 'person';
  revoked = false;
  /** How often anything was taken that was there already. */
  repeats = 0;
  /** What was sent by somebody who did not take it, and is no withdrawal. */
  readonly misplaced: string[] = [];

  /** Ids that it will never take. */
  constructor(private readonly refuses: ReadonlySet<string>) {}

  take(entry: OutboxEntry): Answer {
    if (this.revoked) return { kind: 'revoked' };
    if (!this.person) return { kind: 'signed_out' };
    if (entry.kind === 'withdrawal') return this.end(entry);
    if (entry.personId !== this.person) this.misplaced.push(entry.id);
    if (this.ended.has(entry.storyId)) return { kind: 'withdrawn' };
    if (this.refuses.has(entry.id)) return { kind: 'refused', code: 'invalid', message: null };
    const before = this.held.get(entry.id);
    if (before !== undefined && before !== entry.sha256)
      return { kind: 'refused', code: 'same_id_other_content', message: null };
    if (before !== undefined) this.repeats += 1;
    this.held.set(entry.id, entry.sha256);
    if (isMedia(entry.kind) && before === undefined) return later('being_stored', null);
    return this.receipt(entry);
  }

  private end(entry: OutboxEntry): Answer {
    this.ended.add(entry.storyId);
    this.held.set(entry.id, entry.sha256);
    return this.receipt(entry);
  }

  private receipt({ id, kind, bytes }: OutboxEntry): Answer {
    const sha256 = this.held.get(id)!;
    return { kind: 'receipt', receipt: { id, kind, sha256, bytes, receivedAt: 'now', notices: [] } };
  }
}
