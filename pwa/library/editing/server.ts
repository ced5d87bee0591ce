// Asks the server for a change, and reads its answer.
import type { Outcome } from './autosave';
import type { Change, Corrected } from './segment';

/** Browsers send no more than this once a page is gone (Fetch standard, keepalive). */
const MOST_ON_LEAVING = 60_000;
const PATIENCE_MS = 20_000;

interface Problem {
  readonly code?: string;
  readonly message?: string;
  readonly current?: { readonly segment?: number | null; readonly transcript?: string; readonly text?: string;
    readonly by?: string; readonly before?: string };
}

/** What proves that a request comes from our own page. */
export function tokenOf(page: Document): string {
  return page.querySelector<HTMLInputElement>('input[name="csrf_token"]')?.value ?? '';
}

/** The token of whoever is signed in now; empty where nobody is. Raises TypeError where nothing answers. */
export async function tokenNow(): Promise<string> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
  return tokenOf(new DOMParser().parseFromString(await answer.text(), 'text/html'));
}

export class Server {
  private token: string;

  constructor(token: string) {
    this.token = token;
  }

  /** Raises TypeError where nothing answers. */
  async ask(method: 'POST' | 'PUT', address: string, value: unknown, leaving = false): Promise<Response> {
    const body = JSON.stringify(value);
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': this.token };
    const keepalive = leaving && body.length < MOST_ON_LEAVING;
    return fetch(address, { method, headers, body, keepalive, signal: leaving ? null : AbortSignal.timeout(PATIENCE_MS) });
  }

  /** Somebody has signed in again in another tab: the page as it is there knows their token. */
  async learnToken(): Promise<void> {
    this.token = (await tokenNow()) || this.token;
  }

  async correct(address: string, transcript: string, change: Change, leaving: boolean): Promise<Outcome> {
    try {
      const answer = await this.ask('POST', address, { transcript, change }, leaving);
      if (answer.ok) return { kind: 'saved', answer: (await answer.json()) as Corrected };
      if (answer.status === 401 || answer.status === 403) {
        await this.learnToken();
        return { kind: 'away', why: 'signed-out' };
      }
      if (answer.status === 429 || answer.status >= 500) return { kind: 'away', why: 'busy' };
      return refusal(answer.status, (await answer.json().catch(() => ({}))) as Problem);
    } catch {
      return { kind: 'away', why: 'offline' };
    }
  }
}

export function refusal(status: number, problem: Problem): Outcome {
  if (status === 404 || status === 410) return { kind: 'gone' };
  const { segment, transcript, text = '', by, before = '' } = problem.current ?? {};
  if (status === 412 && by !== undefined) return { kind: 'others', by, now: text, before };
  if (status === 412 && (segment === null || transcript !== undefined)) return { kind: 'gone', now: text };
  if (status === 412) return { kind: 'conflict', now: text };
  return { kind: 'refused', words: problem.message ?? 'That could not be saved.' };
}
