import type { Use } from './consent';

export interface WordingUse {
  use: Use;
  question: string;
  explanation: string;
}

export interface Wording {
  id: string;
  version: number;
  title: string;
  introduction: string;
  uses: WordingUse[];
}

export interface Prompt {
  id: string;
  text: string;
}

export interface Project {
  id: string;
  name: string;
  introduction: string;
  isDemo: boolean;
  wording: Wording;
  prompts: Prompt[];
  places: string[];
}

export interface Person {
  id: string;
  name: string;
}

/** The account that last signed in on this phone, and when our server last said so (ISO 8601). */
export interface KnownPerson extends Person {
  seenAt: string;
}
