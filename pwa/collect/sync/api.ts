import { fromBase64, toBase64 } from '../domain/binary-text';
import { isRecord, later, readAnswer, readProblem, type Answer } from '../domain/answer';
import { Refusal } from '../domain/codes';
import type { DeviceReport } from '../domain/device';
import type { Page } from '../domain/feed';
import type { OutboxEntry } from '../domain/outbox';
import { isoWithOffset } from '../domain/time';
import { ask, request, type Fetch } from './network';
import { readPage, readSession, type Session } from './reading';

export const API = '/api/v1';
const SIGN_OUT_MS = 10_000;
const APP_VERSION = '0.1.0';

/** Our server, as the phone sees it. Nothing here throws; no answer is an answer too. */
export class Api {
  private csrfToken = '';

  constructor(private readonly fetch: Fetch) {}

  /** True when our own server answers, not merely some network. */
  async isThere(): Promise<boolean> {
    const answer = await ask(this.fetch, '/healthz');
    return answer?.status === 200 && isRecord(answer.body) && answer.body.service === 'earshot';
  }

  /** Who is signed in; `null` when no answer of ours came. Also renews the CSRF token. */
  async session(): Promise<Session | 'signed_out' | 'revoked' | null> {
    const answer = await ask(this.fetch, `${API}/session`);
    if (!answer) return null;
    if (answer.status !== 200) {
      const { kind } = readProblem(answer);
      return kind === 'signed_out' || kind === 'revoked' ? kind : null;
    }
    const session = readSession(answer.body);
    if (session) this.csrfToken = session.csrfToken;
    return session;
  }

  /** What changed after `after`, a page of it; null when no usable answer came. */
  async changes(after: number): Promise<Page | null> {
    const answer = await ask(this.fetch, `${API}/changes?after=${after}`);
    return answer?.status === 200 ? readPage(answer.body) : null;
  }

  /** Says what this phone still holds. Whether that arrives matters little: it is said again. */
  async report(deviceId: string, { label, unsent, unsentBytes, oldestUnsentAt }: DeviceReport): Promise<boolean> {
    const answer = await ask(this.fetch, `${API}/devices/${deviceId}`, {
      method: 'PUT',
      headers: { ...this.headers(), 'Content-Type': 'application/json' },
      body: JSON.stringify({
        label,
        app_version: APP_VERSION,
        unsent,
        unsent_bytes: unsentBytes,
        oldest_unsent_at: oldestUnsentAt,
      }),
    });
    return answer?.status === 200;
  }

  /**
   * The private key that was sealed to the server, for whoever knows the account's password.
   * Throws a Refusal with the server's code, `unreachable`, or `not_earshot` for a success that holds no key.
   */
  async unlock(deviceId: string, sealed: Uint8Array, password: string): Promise<Uint8Array<ArrayBuffer>> {
    const answer = await ask(this.fetch, `${API}/devices/${deviceId}/unlock`, {
      method: 'POST',
      headers: { ...this.headers(), 'Content-Type': 'application/json' },
      body: JSON.stringify({ sealed: toBase64(sealed), password }),
    });
    const secret = answer?.status === 200 ? secretOf(answer.body) : null;
    if (secret) return secret;
    const problem = answer && readProblem(answer);
    throw new Refusal(problem && 'code' in problem ? problem.code : answer ? 'signed_out' : 'unreachable');
  }

  /** Ends the session. True only once the server says that nobody is signed in any more, as on a phone shut out. */
  async signOut(): Promise<boolean> {
    if (!this.csrfToken && isOver(await this.session())) return true;
    const how = { method: 'POST', headers: this.headers(), redirect: 'manual' as const };
    const answered = await request(this.fetch, '/sign-out', how, SIGN_OUT_MS, () => true).catch(() => false);
    return answered && isOver(await this.session());
  }

  /** Sends JSON: exactly the bytes that were kept. `stop` calls it off. */
  async put(folder: string, id: string, body: string, stop: AbortSignal): Promise<Answer> {
    const answer = await ask(this.fetch, `${API}/${folder}/${id}`, {
      method: 'PUT',
      headers: { ...this.headers(), 'Content-Type': 'application/json' },
      body,
      signal: stop,
    });
    return answer ? readAnswer(answer) : later('unreachable', null);
  }

  /** The receipt for a part, if the server holds it. */
  async receipt(id: string): Promise<Answer> {
    const answer = await ask(this.fetch, `${API}/receipts/${id}`);
    return answer ? readAnswer(answer) : later('unreachable', null);
  }

  /**
   * Announces a file. Asking again for the same id and hash finds the same upload, so this is safe
   * after any interruption.
   */
  async announce(
    entry: OutboxEntry,
    metadata: Record<string, string>,
    stop: AbortSignal,
  ): Promise<Answer | { url: string }> {
    const answer = await ask(this.fetch, `${API}/uploads`, {
      method: 'POST',
      headers: {
        ...this.headers(),
        'Tus-Resumable': '1.0.0',
        'Upload-Length': String(entry.bytes),
        'Upload-Metadata': encodeMetadata(metadata),
      },
      signal: stop,
    });
    if (!answer) return later('unreachable', null);
    if (answer.status !== 200 && answer.status !== 201) return readProblem(answer);
    return { url: `${API}/uploads/${entry.id}` };
  }

  /** Forgets what was sent of a file. Whether that arrives matters little: the server clears up by itself. */
  async drop(id: string): Promise<void> {
    const headers = { ...this.headers(), 'Tus-Resumable': '1.0.0' };
    await ask(this.fetch, `${API}/uploads/${id}`, { method: 'DELETE', headers });
  }

  headers(): Record<string, string> {
    return { 'X-CSRF-Token': this.csrfToken, 'Device-Time': isoWithOffset() };
  }
}

function isOver(session: Session | 'signed_out' | 'revoked' | null): boolean {
  return session === 'signed_out' || session === 'revoked';
}

/** Null where there is no key, or none that can be read. */
function secretOf(body: unknown): Uint8Array<ArrayBuffer> | null {
  if (!isRecord(body) || typeof body.secret !== 'string' || body.secret === '') return null;
  try {
    return fromBase64(body.secret);
  } catch {
    return null;
  }
}

/** tus 1.0 Upload-Metadata: `key base64(UTF-8)`, comma-separated. */
export function encodeMetadata(metadata: Record<string, string>): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key} ${btoa(String.fromCharCode(...new TextEncoder().encode(value)))}`)
    .join(',');
}
