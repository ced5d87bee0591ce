import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../collect/domain/answer';

const receipt = { id: 'i', kind: 'story', sha256: 'ABC', bytes: 3, received_at: 'now' };
const problem = (code: string) => ({ code, message: 'What to do.' });

describe('reading an answer', () => {
  it('a receipt is a receipt, its hash in small letters', () => {
    const answer = readAnswer({ status: 201, body: receipt });
    expect(answer).toMatchObject({ kind: 'receipt', receipt: { id: 'i', sha256: 'abc', notices: [] } });
  });

  it('a notice of the server comes along', () => {
    const notices = [{ code: 'clock_wrong', message: 'Check the clock.' }, 'nonsense'];
    const answer = readAnswer({ status: 200, body: { ...receipt, notices } });
    expect(answer).toMatchObject({ receipt: { notices: [notices[0]] } });
  });

  it.each([
    ['a page of a Wi-Fi sign-in (fault 20)', 200, null, 'later', 'not_earshot'],
    ['a success without a receipt', 200, { hello: 'there' }, 'later', 'not_earshot'],
    ['a refusal of some proxy', 403, null, 'later', 'not_earshot'],
    ['a sign-in page of some proxy', 401, null, 'later', 'not_earshot'],
    ['a broken server', 500, null, 'later', 'unavailable'],
    ['a request cut short on its way', 400, problem('bad_request'), 'later', 'bad_request'],
    ['a busy server', 503, problem('unavailable'), 'later', 'unavailable'],
    ['a full server', 507, problem('storage_full'), 'later', 'storage_full'],
    ['too many requests', 429, problem('too_many_attempts'), 'later', 'too_many_attempts'],
    ['a stale form token', 403, problem('csrf_failed'), 'later', 'csrf_failed'],
    ['a file on its way into the store', 202, { id: 'a', state: 'being_stored' }, 'later', 'being_stored'],
    ['a story that waits there for its consent', 202, { id: 'a', sha256: 'b', held: true }, 'later', 'held'],
    ['the same id with other content (fault 23)', 409, problem('same_id_other_content'), 'refused', 'same_id_other_content'],
    ['a use that was refused', 422, problem('use_refused'), 'refused', 'use_refused'],
    ['a project of somebody else', 404, problem('not_found'), 'refused', 'not_found'],
  ])('%s', (_case, status, body, kind, code) => {
    expect(readAnswer({ status, body })).toMatchObject({ kind, code });
  });

  it('our own 401 means signed out and our own 410 means withdrawn', () => {
    expect(readAnswer({ status: 401, body: problem('signed_out') })).toEqual({ kind: 'signed_out' });
    expect(readAnswer({ status: 410, body: problem('withdrawn') })).toEqual({ kind: 'withdrawn' });
  });

  it.each([
    ['a page of somebody else', null, 'later', 'not_earshot'],
    ['a code of somebody else', problem('gone'), 'refused', 'gone'],
    ['a code of ours for something else', problem('link_expired'), 'refused', 'link_expired'],
  ])('a 410 that says nothing of a withdrawal erases nothing: %s', (_case, body, kind, code) => {
    expect(readAnswer({ status: 410, body })).toMatchObject({ kind, code });
  });
});
