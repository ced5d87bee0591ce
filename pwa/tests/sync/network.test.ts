import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask, request, type Fetch } from '../../collect/sync/network';

const silent: Fetch = (_url, init) =>
  new Promise((_resolve, reject) => {
    const stop = (): void => reject(new Error('aborted'));
    if (init?.signal?.aborted) stop();
    init?.signal?.addEventListener('abort', stop);
  });
const read = (response: Response): number => response.status;

beforeEach(() => {
  // As in the older browsers that the app still runs in.
  vi.stubGlobal('AbortSignal', { any: undefined, timeout: undefined });
});
afterEach(() => vi.unstubAllGlobals());

describe('a request in a browser that cannot join signals', () => {
  it('gives its answer to whoever can also call it off', async () => {
    const { signal } = new AbortController();
    const answers: Fetch = () => Promise.resolve(new Response(null, { status: 204 }));
    expect(await request(answers, '/', { signal }, 60_000, read)).toBe(204);
  });

  it('ends when it is called off, before or after it began', async () => {
    const stopper = new AbortController();
    const asked = request(silent, '/', { signal: stopper.signal }, 60_000, read);
    stopper.abort();
    await expect(asked).rejects.toThrow('aborted');
    await expect(request(silent, '/', { signal: stopper.signal }, 60_000, read)).rejects.toThrow('aborted');
  });

  it('ends when no answer comes in time, and when an answer stops in its middle', async () => {
    await expect(request(silent, '/', {}, 1, read)).rejects.toThrow('aborted');
    const halfway: Fetch = (url, init) =>
      Promise.resolve({ text: () => silent(url, init) } as unknown as Response);
    await expect(request(halfway, '/', {}, 1, (response) => response.text())).rejects.toThrow('aborted');
  });

  it('is no answer when it fails', async () => {
    expect(await ask(() => Promise.reject(new TypeError('no line')), '/')).toBeNull();
  });
});
