import type { Wording } from './wording';

export type { Wording, WordingUse } from './wording';

export interface Prompt {
  id: string;
  text: string;
  /** The same in other languages, by their tags; left out by older servers. */
  texts?: Record<string, string>;
}

/** Somebody can say that they belong to it. */
export interface Group {
  id: string;
  name: string;
}

/** What a moment or a passage can be about: one idea of a project's codebook. */
export interface Theme {
  id: string;
  name: string;
}

/** A prompt in a language (a BCP 47 tag), or as the project wrote it where there is no translation. */
export function promptIn({ text, texts = {} }: Prompt, language: string): { text: string; language: string | null } {
  const tag = [language, language.split('-')[0]!].find((one) => texts[one]);
  return tag ? { text: texts[tag]!, language: tag } : { text, language: null };
}

export interface Project {
  id: string;
  name: string;
  introduction: string;
  isDemo: boolean;
  wording: Wording;
  prompts: Prompt[];
  places: string[];
  /** The codebook; left out until the server has told of it. */
  themes?: Theme[];
  /** Pixels of the longest edge that a photo keeps; left out by older servers. */
  photoPixels?: number;
  /** How long files stay on the phone after the server has them, in hours; left out by older servers. */
  keepHours?: number;
  /** Whose voices the project hopes to hear; left out by older servers. */
  groups?: Group[];
  /** Those who can be told of a worry about somebody's safety; left out by older servers. */
  mayBeNamed?: Person[];
}

export interface Person {
  id: string;
  name: string;
}

/** Somebody who signed in on this phone, and when our server last said so (ISO 8601). */
export interface KnownPerson extends Person {
  seenAt: string;
  /** They are signed in here no more, and something here is theirs. */
  left?: boolean;
}
