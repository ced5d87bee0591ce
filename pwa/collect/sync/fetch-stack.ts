import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import { request, type Fetch } from './network';

/** Long enough for one piece on a very slow line. */
const PATIENCE_MS = 5 * 60_000;

/** Lets tus-js-client speak through the same `fetch` as everything else: same cookies, no redirects. */
export class FetchStack implements HttpStack {
  constructor(private readonly fetch: Fetch) {}

  createRequest(method: string, url: string): HttpRequest {
    return new FetchRequest(this.fetch, method, url);
  }

  getName(): string {
    return 'fetch';
  }
}

class FetchRequest implements HttpRequest {
  private readonly headers: Record<string, string> = {};
  private readonly stopper = new AbortController();

  constructor(
    private readonly fetch: Fetch,
    private readonly method: string,
    private readonly url: string,
  ) {}

  getMethod = (): string => this.method;
  getURL = (): string => this.url;
  getHeader = (name: string): string | undefined => this.headers[name];
  getUnderlyingObject = (): null => null;
  /** Progress is counted by whole pieces, which is what the server has said it holds. */
  setProgressHandler = (): void => undefined;

  setHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  send(body: Blob | null = null): Promise<HttpResponse> {
    const init = { method: this.method, headers: this.headers, body, signal: this.stopper.signal };
    return request(this.fetch, this.url, init, PATIENCE_MS, readHttp);
  }

  abort(): Promise<void> {
    this.stopper.abort();
    return Promise.resolve();
  }
}

async function readHttp(response: Response): Promise<HttpResponse> {
  const text = await response.text();
  return {
    getStatus: () => response.status,
    getHeader: (name) => response.headers.get(name) ?? undefined,
    getBody: () => text,
    getUnderlyingObject: () => response,
  };
}
