import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

interface Held {
  kind: string;
  sha256: string;
  bytes: number;
}

interface Reply {
  status: number;
  body?: Json;
  headers?: Record<string, string>;
}

const FOLDERS: Record<string, string> = { consents: 'consent', stories: 'story', quotes: 'quote', recordings: 'manifest', withdrawals: 'withdrawal' };
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const problem = (status: number, code: string): Reply => ({ status, body: { code, message: `About ${code}.` } });

/** A small server with the manners of the real one, and faults that a test can switch on. */
export class FakeServer {
  readonly held = new Map<string, Held>();
  readonly requests: string[] = [];
  readonly staged = new Map<string, { bytes: Buffer; total: number; sha256: string; kind: string }>();
  /** Return a reply to stand in the way of a request, `cut` to end the connection, or `silent` to never answer. */
  fault: (method: string, path: string, held: this) => Reply | 'cut' | 'silent' | null = () => null;
  /** Return `lost` to do what is asked and end the connection without an answer. */
  answered: () => 'sent' | 'lost' = () => 'sent';
  /** How often each file became whole. */
  readonly whole = new Map<string, number>();
  signedIn: { id: string; name: string } | null = { id: 'person', name: 'Amina' };
  /** Set when an administrator has shut the phone out. */
  revoked = false;
  rescueKey: Json | null = null;
  /** The phones that asked for anything under /api/v1. */
  readonly askedBy = new Set<string>();
  withdrawn = new Set<string>();
  /** What the feed tells, in order; the place of a row is its sequence, counted from 1. */
  readonly feed: Json[] = [];
  /** What phones said of themselves, by their ids. */
  readonly devices = new Map<string, Json>();
  /** Set when the server was restored: its first page says so. */
  restored = false;
  /** Set while nothing can be written down outside the database: withdrawals are taken, and not confirmed. */
  storeAway = false;
  /** Files whose storing takes until a test says that it is done. */
  storing = new Set<string>();
  private readonly server = createServer((request, response) => void this.handle(request, response));

  async open(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  count(method: string, path: string): number {
    return this.requests.filter((line) => line === `${method} ${path}`).length;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const path = request.url ?? '';
    this.requests.push(`${method} ${path}`);
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const fault = this.fault(method, path, this);
    if (fault === 'silent') return;
    if (fault === 'cut') return void request.socket.destroy();
    const reply = fault ?? this.answer(method, path, request, body);
    if (this.answered() === 'lost') return void request.socket.destroy();
    response.writeHead(reply.status, {
      'Tus-Resumable': '1.0.0',
      ...(reply.body && { 'Content-Type': 'application/json' }),
      ...reply.headers,
    });
    response.end(reply.body && method !== 'HEAD' ? JSON.stringify(reply.body) : undefined);
  }

  private answer(method: string, path: string, request: IncomingMessage, body: Buffer): Reply {
    if (path === '/healthz') return { status: 200, body: { service: 'earshot', status: 'ok' } };
    this.askedBy.add(String(request.headers['device-id'] ?? 'nobody'));
    if (this.revoked) return problem(403, 'device_revoked');
    if (!this.signedIn) return problem(401, 'signed_out');
    if (path === '/api/v1/session')
      return { status: 200, body: { person: this.signedIn, csrf_token: 'token', rescue_key: this.rescueKey } };
    if (path.startsWith('/api/v1/changes?after=')) return this.changes(Number(path.split('=')[1]));
    if (method !== 'GET' && method !== 'HEAD' && request.headers['x-csrf-token'] !== 'token')
      return problem(403, 'csrf_failed');
    const [folder = '', id = ''] = path.replace('/api/v1/', '').split('/');
    if (this.withdrawn.has(id)) return problem(410, 'withdrawn');
    if (folder === 'devices') {
      this.devices.set(id, JSON.parse(body.toString()) as Json);
      return { status: 200, body: this.devices.get(id) };
    }
    if (folder === 'receipts') return this.receipt(id);
    if (folder === 'uploads') return method === 'POST' ? this.create(request) : this.tus(method, id, request, body);
    return this.put(FOLDERS[folder] ?? '', id, body);
  }

  /** Two rows a page, so that reading on is always part of it. */
  private changes(after: number): Reply {
    const page = this.feed.slice(after, after + 2).map((row, place) => ({ sequence: after + place + 1, ...row }));
    const next = after + page.length;
    return { status: 200, body: { changes: page, next, more: next < this.feed.length, reset: this.restored } };
  }

  private receipt(id: string, status = 200): Reply {
    if (this.storing.has(id)) return { status: 202, body: { id, kind: 'recording', state: 'being_stored' } };
    const held = this.held.get(id);
    return held ? { status, body: { id, ...held, received_at: 'now' } } : problem(404, 'not_found');
  }

  private put(kind: string, id: string, body: Buffer): Reply {
    const earlier = this.held.get(id);
    if (earlier && earlier.sha256 !== sha256(body)) return problem(409, 'same_id_other_content');
    if (kind === 'withdrawal') this.end(JSON.parse(body.toString()) as Json);
    if (kind === 'withdrawal' && this.storeAway) return { status: 202, body: { id, kind, state: 'held' } };
    this.held.set(id, { kind, sha256: sha256(body), bytes: body.length });
    return this.receipt(id, earlier ? 200 : 201);
  }

  /** The feed tells once that a story has ended. */
  private end({ project_id, story_id: id }: Json): void {
    const isTold = this.feed.some((row) => row.kind === 'tombstone' && row.id === id);
    if (!isTold) this.feed.push({ kind: 'tombstone', id, project_id, story_id: id });
  }

  private create(request: IncomingMessage): Reply {
    const pairs = String(request.headers['upload-metadata']).split(',').map((pair) => pair.split(' '));
    const metadata = Object.fromEntries(pairs.map(([key, value]) => [key, Buffer.from(value ?? '', 'base64').toString()]));
    const { id, kind, sha256: hash } = metadata as Record<string, string>;
    if (this.withdrawn.has(id!)) return problem(410, 'withdrawn');
    const total = Number(request.headers['upload-length']);
    const staged = this.staged.get(id!) ?? { bytes: Buffer.alloc(0), total, sha256: hash!, kind: kind! };
    this.staged.set(id!, staged);
    return { status: 201, headers: { Location: `/api/v1/uploads/${id}`, 'Upload-Offset': String(staged.bytes.length) } };
  }

  private tus(method: string, id: string, request: IncomingMessage, body: Buffer): Reply {
    const staged = this.staged.get(id);
    if (!staged) return problem(404, 'not_found');
    if (method === 'DELETE') {
      this.staged.delete(id);
      return { status: 204 };
    }
    if (method === 'PATCH') {
      if (Number(request.headers['upload-offset']) !== staged.bytes.length) return problem(409, 'offset_mismatch');
      staged.bytes = Buffer.concat([staged.bytes, body]);
      if (staged.bytes.length === staged.total) {
        if (sha256(staged.bytes) !== staged.sha256) return problem(422, 'hash_mismatch');
        this.whole.set(id, (this.whole.get(id) ?? 0) + 1);
        this.held.set(id, { kind: staged.kind, sha256: staged.sha256, bytes: staged.total });
      }
    }
    const headers = { 'Upload-Offset': String(staged.bytes.length), 'Upload-Length': String(staged.total) };
    return { status: method === 'PATCH' ? 204 : 200, headers };
  }
}
