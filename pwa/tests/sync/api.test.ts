import { describe, expect, it } from 'vitest';
import { Api, encodeMetadata } from '../../collect/sync/api';
import { readPage } from '../../collect/sync/reading';

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

describe('finding our server', () => {
  it.each([
    ['our own answer', json({ service: 'earshot' }), true],
    ['a page of a Wi-Fi sign-in', new Response('<html>', { headers: { 'Content-Type': 'text/html' } }), false],
    ['another service', json({ service: 'other' }), false],
  ])('%s', async (_case, response, there) => {
    expect(await new Api(() => Promise.resolve(response)).isThere()).toBe(there);
  });

  it('no answer is no server', async () => {
    expect(await new Api(() => Promise.reject(new TypeError('no line'))).isThere()).toBe(false);
  });

  it('an answer that is not ours never signs anybody out', async () => {
    const proxy = (): Promise<Response> => Promise.resolve(new Response('', { status: 401 }));
    expect(await new Api(proxy).session()).toBeNull();
  });
});

describe('having the server open what was sealed to it', () => {
  const asked = (response: Response): Promise<Uint8Array> =>
    new Api(() => Promise.resolve(response)).unlock('phone', new Uint8Array([1]), 'my password');

  it('gives the bytes that it found', async () => {
    expect(await asked(json({ secret: 'AQID' }))).toEqual(new Uint8Array([1, 2, 3]));
  });

  it.each([
    ['no key', {}],
    ['an empty key', { secret: '' }],
    ['a key that is no text', { secret: 7 }],
    ['a key that cannot be read', { secret: 'not base64' }],
    ['a list', []],
  ])('takes a success with %s for no answer of ours', async (_case, body) => {
    await expect(asked(json(body))).rejects.toMatchObject({ name: 'Refusal', code: 'not_earshot' });
  });

  it('hands on why the server refused', async () => {
    const refused = json({ code: 'sign_in_failed', message: '' }, 422);
    await expect(asked(refused)).rejects.toMatchObject({ code: 'sign_in_failed' });
  });
});

describe('signing out', () => {
  const problem = (status: number, code: string): Response => json({ code, message: '' }, status);

  it.each([
    ['the session is over', problem(401, 'signed_out'), true],
    ['the session goes on, as after a refusal', json({ person: { id: 'p', name: 'P' }, csrf_token: 't' }), false],
    ['something else answered', new Response('<html>'), false],
  ])('counts only when the server says so: %s', async (_case, session, done) => {
    const asked: string[] = [];
    const fetch = (url: string): Promise<Response> => {
      asked.push(url);
      return Promise.resolve(url.endsWith('/session') && asked.includes('/sign-out') ? session : new Response('', { status: 400 }));
    };
    expect(await new Api(fetch).signOut()).toBe(done);
  });

  it('does not count without an answer', async () => {
    expect(await new Api(() => Promise.reject(new TypeError('no line'))).signOut()).toBe(false);
  });
});

it('words of any language survive in the metadata of an upload', () => {
  const line = encodeMetadata({ description: 'Größe – 母' });
  const [key, value] = line.split(' ');
  expect([key, Buffer.from(value!, 'base64').toString('utf-8')]).toEqual(['description', 'Größe – 母']);
});

it('a page of the feed that is not one replaces nothing', () => {
  expect(readPage({ changes: 'none', next: 3 })).toBeNull();
  expect(readPage({ changes: [] })).toBeNull();
  expect(readPage('<html>')).toBeNull();
});

it('what a newer server tells of things this app does not know is passed over', () => {
  const page = readPage({ changes: [{ kind: 'meeting', id: 'm', project_id: 'p', meeting: {} }], next: 4, more: false });
  expect(page).toEqual({ changes: [], next: 4, more: false, reset: false });
});
