import type { Reading, Use } from './consent';

export interface WordingUse {
  use: Use;
  question: string;
  explanation: string;
}

/** A wording in one language and reading: the very words that somebody agrees to. */
export interface WordingText {
  /** BCP 47; empty where an older server did not say. */
  language: string;
  reading: Reading;
  title: string;
  introduction: string;
  uses: WordingUse[];
}

export interface Wording {
  id: string;
  version: number;
  title: string;
  introduction: string;
  uses: WordingUse[];
  /** For how many months a yes lasts; null where it has no end, left out by older servers. */
  months?: number | null;
  /** All of its texts, the main one first; left out by older servers. */
  texts?: WordingText[];
}

/** Every text of a wording, the main one first. There is always one. */
export function textsOf({ texts, title, introduction, uses }: Wording): WordingText[] {
  return texts?.length ? texts : [{ language: '', reading: 'full', title, introduction, uses }];
}

/** The languages that a wording can be read in, the main one first. */
export function languagesOf(texts: readonly WordingText[]): string[] {
  return [...new Set(texts.map(({ language }) => language))];
}

/** The text in a language, in the reading wanted where it has one; the main text where it has neither. */
export function textIn(texts: readonly WordingText[], language: string, reading: Reading): WordingText {
  const inIt = texts.filter((text) => text.language === language);
  return inIt.find((text) => text.reading === reading) ?? inIt[0] ?? texts[0]!;
}

/** What a text is named by, once hashed: one line of JSON that the server writes in the same way. */
export function hashedWords({ language, reading, title, introduction, uses }: WordingText): string {
  const asked = uses.map(({ use, question, explanation }) => [use, question, explanation]);
  return JSON.stringify([language, reading, title, introduction, asked]);
}

/** What is read at once: a sentence at a time in the easy reading, a paragraph at a time in full. */
export function ideasIn(words: string, reading: Reading): string[] {
  const between = reading === 'easy' ? /(?<=[.!?…۔؟।。！？])\s+|\n+/ : /\n\s*\n/;
  return words.split(between).map((idea) => idea.trim()).filter((idea) => idea !== '');
}

/** The ideas of an introduction on each of its screens: one a screen in the easy reading, all on one in full. */
export function introductionPages({ introduction, reading }: WordingText): string[][] {
  const ideas = ideasIn(introduction, reading);
  return reading === 'easy' && ideas.length > 0 ? ideas.map((idea) => [idea]) : [ideas];
}
