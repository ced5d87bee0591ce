import type { EntryKind, OutboxEntry } from '../../collect/domain/outbox';

/** An entry that waits, for tests to vary. */
export function entry(kind: EntryKind, storyId: string, change: Partial<OutboxEntry> = {}): OutboxEntry {
  const id = `${storyId}-${kind}-${change.position ?? 0}`;
  return {
    id,
    kind,
    storyId,
    personId: 'person',
    position: 0,
    sha256: `hash of ${id}`,
    bytes: 10,
    body: kind === 'photo' || kind === 'recording' ? null : '{}',
    state: 'waiting',
    attempts: 0,
    nextTryAt: 0,
    code: null,
    message: null,
    sentBytes: 0,
    receivedAt: null,
    notices: [],
    createdAt: '2026-11-21T10:00:00.000+00:00',
    ...change,
  };
}

export function receiptFor(of: OutboxEntry, sha256 = of.sha256) {
  const receipt = { id: of.id, kind: of.kind, sha256, bytes: of.bytes, receivedAt: '', notices: [] };
  return { kind: 'receipt' as const, receipt };
}
