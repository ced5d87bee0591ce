import { describe, expect, it } from 'vitest';
import { PHONE_CODES, Refusal, SERVER_CODES } from '../../collect/domain/codes';
import { problem, problemOf, words } from '../../collect/words';

/** Every sentence there is; those that are made say what they say about plain examples. */
function sentences(of: unknown): string[] {
  if (typeof of === 'string') return [of];
  if (of && typeof of === 'object') return Object.values(of).flatMap(sentences);
  return [];
}

describe('words', () => {
  it.each([...PHONE_CODES, ...SERVER_CODES])('says what %s means', (code) => {
    expect(problem(code)).not.toBe(words.problems.unknown);
  });

  it('passes on what a newer server says about a code that this app has not met', () => {
    expect(problem('new_in_2030', 'The project has closed.')).toBe('The project has closed.');
    expect(problem('new_in_2030')).toBe(words.problems.unknown);
  });

  it('has words for a refusal and for a fault', () => {
    expect(problemOf(new Refusal('phone_full'))).toBe(words.problems.phone_full);
    expect(problemOf(new Error('x'))).toBe(words.problems.unknown);
  });

  it('never shouts and never blames', () => {
    for (const sentence of sentences(words)) expect(sentence).not.toMatch(/!|\b(invalid|illegal|error|your fault)\b/i);
  });

  it('tells a recovered recording by whole seconds', () => {
    expect(words.recovered.title(7_400)).toBe('Recovered recording, 7–8 seconds');
  });
});
