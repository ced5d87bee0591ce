import { Refusal, type Code } from './codes';
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
  /** An administrator has shut this phone out: nothing more is sent from it. */
  | { kind: 'revoked' }
  | { kind: 'withdrawn' }
  /** The server understood and said no: trying the same again would be pointless. */
  | { kind: 'refused'; code: Code; message: string | null }
  /** No answer, somebody else's answer, or "not now": the same again may work later. */
  | { kind: 'later'; code: Code; message: string | null };

/** An answer as the network gave it: `body` is parsed JSON, or null when it was something else. */
export interface RawAnswer {
  status: number;
  body: unknown;
}

/** 400 is how the server says that a request was cut short on its way. */
const NOT_NOW = new Set([400, 403, 408, 423, 425, 429, 460, 507]);

/** Reads an answer to something sent. Anything that does not prove it is ours counts as no answer. */
export function readAnswer({ status, body }: RawAnswer): Answer {
  if (status === 202 && isRecord(body)) return later(body.state === 'being_stored' ? 'being_stored' : 'held', null);
  if (status >= 200 && status < 300) {
    const receipt = readReceipt(body);
    return receipt ? { kind: 'receipt', receipt } : later('not_earshot', null);
  }
  return readProblem({ status, body });
}

/** Reads an answer that is not a success. */
export function readProblem({ status, body }: RawAnswer): Answer {
  const { code, message } = problemOf(body);
  if (status >= 500) return later(code ?? 'unavailable', message);
  // A refusal without a code of ours came from a proxy or a sign-in page on the way.
  if (code === null) return later('not_earshot', null);
  if (status === 401) return { kind: 'signed_out' };
  if (status === 403 && code === 'device_revoked') return { kind: 'revoked' };
  // Any other 410 is a refusal like the rest: nothing is erased for what somebody else may have said.
  if (status === 410 && code === 'withdrawn') return { kind: 'withdrawn' };
  if (NOT_NOW.has(status)) return later(code, message);
  return { kind: 'refused', code, message };
}

export function later(code: Code, message: string | null): Answer {
  return { kind: 'later', code, message };
}

function problemOf(body: unknown): { code: Code | null; message: string | null } {
  if (!isRecord(body) || typeof body.code !== 'string') return { code: null, message: null };
  return { code: body.code, message: typeof body.message === 'string' ? body.message : null };
}

/** Null when it is not a receipt. */
export function readReceipt(body: unknown): Receipt | null {
  if (!isRecord(body) || typeof body.id !== 'string' || typeof body.sha256 !== 'string') return null;
  return {
    id: body.id,
    kind: String(body.kind ?? ''),
    sha256: body.sha256.toLowerCase(),
    bytes: Number(body.bytes ?? 0),
    receivedAt: String(body.received_at ?? ''),
    notices: Array.isArray(body.notices) ? body.notices.filter(isNotice) : [],
  };
}

function isNotice(value: unknown): value is Notice {
  return isRecord(value) && typeof value.code === 'string' && typeof value.message === 'string';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What of this phone stood in the way of sending. */
export function answerOfPhone(error: unknown): Answer {
  const code = error instanceof Refusal ? error.code : 'not_saved';
  return { kind: code === 'damaged_on_phone' ? 'refused' : 'later', code, message: null };
}
