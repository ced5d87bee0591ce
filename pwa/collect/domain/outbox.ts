import type { Answer, Receipt } from './answer';
import type { Code } from './codes';
import type { Notice } from './story';

export type EntryKind = 'consent' | 'story' | 'quote' | 'photo' | 'recording';
export type EntryState = 'waiting' | 'sending' | 'stored' | 'refused' | 'needs_sign_in' | 'withdrawn';

/** Something the server has not confirmed yet, or has, with the receipt that says so. */
export interface OutboxEntry {
  /** The id of the consent, story or part itself. */
  id: string;
  kind: EntryKind;
  storyId: string;
  personId: string;
  position: number;
  /** Hex SHA-256 of exactly what is sent: `body`, or the whole file. */
  sha256: string;
  bytes: number;
  /** The exact JSON sent; null for recordings and photos. */
  body: string | null;
  state: EntryState;
  attempts: number;
  /** Not tried before this time, in Unix milliseconds. */
  nextTryAt: number;
  code: Code | null;
  message: string | null;
  sentBytes: number;
  receipt: Receipt | null;
  notices: Notice[];
  createdAt: string;
}
