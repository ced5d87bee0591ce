import type { RawAnswer } from '../domain/answer';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const PATIENCE_MS = 30_000;

/** One request to our own server; null when no answer came. A redirect is somebody else's sign-in page. */
export async function ask(fetch: Fetch, url: string, init: RequestInit = {}): Promise<RawAnswer | null> {
  const response = await request(fetch, url, init, PATIENCE_MS).catch(() => null);
  if (!response) return null;
  return { status: response.status, body: await jsonOf(response) };
}

export function request(fetch: Fetch, url: string, init: RequestInit, patienceMs: number): Promise<Response> {
  const limit = AbortSignal.timeout(patienceMs);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  return fetch(url, { credentials: 'same-origin', cache: 'no-store', redirect: 'error', ...init, signal });
}

/** The JSON of an answer, or null when it is not JSON, as on a Wi-Fi sign-in page. */
export async function jsonOf(response: Response): Promise<unknown> {
  const type = response.headers.get('Content-Type') ?? '';
  if (!/\bjson\b/.test(type)) return null;
  return response.json().catch(() => null);
}
