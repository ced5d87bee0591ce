import type { OutboxEntry } from './outbox';

/** The line that is always true: what is only on this phone. */
export interface OutboxSummary {
  /** Stories with anything the server has not confirmed. */
  unsentStories: number;
  unsentEntries: number;
  /** Entries the server refused: they stay here until somebody acts. */
  refused: number;
  needsSignIn: boolean;
  sending: boolean;
  everythingSent: boolean;
  bytesLeft: number;
}
export type { OutboxEntry };
