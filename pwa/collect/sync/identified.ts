import type { Fetch } from './network';

/** Says to our server which phone asks, so that one that was lost can be shut out. Nobody else is told. */
export function identified(fetch: Fetch, deviceId: () => Promise<string>): Fetch {
  let known: Promise<string> | null = null;
  return async (url, init = {}) => {
    if (!url.startsWith('/api/')) return fetch(url, init);
    known ??= deviceId();
    known.catch(() => (known = null));
    return fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), 'Device-Id': await known } });
  };
}
