import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mayCapture, noAnswers, type Use } from '../../collect/domain/consent';

interface Case {
  case: string;
  agreed: Use[];
  recording: boolean;
  photos: boolean;
  quotes: boolean;
}

const file = new URL('../../../tests/contract/may_capture.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf-8')) as Case[];

describe('what may be captured', () => {
  it.each(cases)('$case', ({ agreed, recording, photos, quotes }) => {
    const answers = noAnswers();
    for (const use of agreed) answers[use] = true;
    const anything = recording || photos || quotes;
    expect(mayCapture(answers)).toEqual({ recording, photos, quotes, anything });
  });
});
