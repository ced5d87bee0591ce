import type { Code } from './codes';
import type { Notice } from './story';

export interface Receipt {
  id: string;
  kind: string;
  sha256: string;
  bytes: number;
  receivedAt: string;
  notices: Notice[];
}

/** What came of one try, whatever the transport. */
export type Answer =
  | { kind: 'receipt'; receipt: Receipt }
  | { kind: 'signed_out' }
  | { kind: 'withdrawn' }
  /** The server understood and said no: trying the same again would be pointless. */
  | { kind: 'refused'; code: Code; message: string | null }
  /** No answer, somebody else's answer, or "not now": the same again may work later. */
  | { kind: 'later'; code: Code; message: string | null };
