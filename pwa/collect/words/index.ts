import { Refusal } from '../domain/codes';
import { LANGUAGE_TAGS, directionOf, type Language } from '../domain/language';
import type { Words } from './en';

/** The words of the language in use. `speak` sets them once, before any screen is loaded. */
export let words: Words;

// One file a language, so that a phone fetches the one it needs; the service worker keeps them all for later.
const FILES: Record<Language, () => Promise<Words>> = {
  en: async () => (await import('./en')).en,
  cy: async () => (await import('./cy')).cy,
  ur: async () => (await import('./ur')).ur,
};

/** Loads a language and puts its words in use. */
export async function speak(language: Language): Promise<void> {
  words = await FILES[language]();
}

/** Says to the browser and to screen readers what language the page is in, and which way it is written. */
export function mark(page: HTMLElement, language: Language): void {
  page.lang = LANGUAGE_TAGS[language];
  page.dir = directionOf(language);
}

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
