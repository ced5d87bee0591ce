import { describe, expect, it } from 'vitest';
import { refusal } from '../../../library/editing/server';

describe('what the server refuses', () => {
  it('is somebody else\'s where an undo would take that back', () => {
    const current = { by: 'Mo', text: 'Somebody came.', before: 'Nobody came.' };
    expect(refusal(412, { current })).toEqual({ kind: 'others', by: 'Mo', now: 'Somebody came.', before: 'Nobody came.' });
  });

  it('is changed, gone or wrong', () => {
    expect(refusal(412, { current: { segment: 3, text: 'Theirs' } })).toEqual({ kind: 'conflict', now: 'Theirs' });
    expect(refusal(412, { current: { segment: null, text: 'Joined' } })).toEqual({ kind: 'gone', now: 'Joined' });
    expect(refusal(412, { current: { transcript: 'x', segment: 3, text: 'There' } })).toEqual({ kind: 'gone', now: 'There' });
    expect(refusal(404, {})).toEqual({ kind: 'gone' });
    expect(refusal(422, { message: 'Too long.' })).toEqual({ kind: 'refused', words: 'Too long.' });
  });
});
