import type { RawAnswer } from '../domain/answer';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const PATIENCE_MS = 30_000;

/** One request to our own server; null when no answer came. A redirect is somebody else's sign-in page. */
export async function ask(fetch: Fetch, url: string, init: RequestInit = {}): Promise<RawAnswer | null> {
  return request(fetch, url, init, PATIENCE_MS, async (response) => ({
    status: response.status,
    body: await jsonOf(response),
  })).catch(() => null);
}

/** What `read` makes of the answer, all of which must come in time. Throws when it does not, or when it is called off. */
export async function request<T>(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  patienceMs: number,
  read: (response: Response) => Promise<T> | T,
): Promise<T> {
  // Older browsers cannot join two signals into one.
  const stopper = new AbortController();
  const stop = (): void => stopper.abort();
  const timer = setTimeout(stop, patienceMs);
  if (init.signal?.aborted) stop();
  init.signal?.addEventListener('abort', stop);
  try {
    const usual = { credentials: 'same-origin', cache: 'no-store', redirect: 'error' } as const;
    return await read(await fetch(url, { ...usual, ...init, signal: stopper.signal }));
  } finally {
    clearTimeout(timer);
    init.signal?.removeEventListener('abort', stop);
  }
}

/** The JSON of an answer, or null when it is not JSON, as on a Wi-Fi sign-in page. */
export async function jsonOf(response: Response): Promise<unknown> {
  const type = response.headers.get('Content-Type') ?? '';
  if (!/\bjson\b/.test(type)) return null;
  return response.json().catch(() => null);
}
