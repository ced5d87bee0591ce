import { Refusal } from '../domain/codes';
import { en, type Words } from './en';

/** The words of the language in use. */
export const words: Words = en;

/**
 * What a code means and what to do about it. A code this app has not met, from a newer server,
 * is put in the server's own words.
 */
export function problem(code: string, message: string | null = null): string {
  return words.problems[code] ?? message ?? words.problems.unknown;
}

/** The same for something thrown. */
export function problemOf(thrown: unknown): string {
  return problem(thrown instanceof Refusal ? thrown.code : 'unknown');
}
