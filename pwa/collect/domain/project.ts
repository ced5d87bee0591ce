import type { Wording } from './wording';

export type { Wording, WordingUse } from './wording';

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
  /** Pixels of the longest edge that a photo keeps; left out by older servers. */
  photoPixels?: number;
  /** How long files stay on the phone after the server has them, in hours; left out by older servers. */
  keepHours?: number;
}

export interface Person {
  id: string;
  name: string;
}

/** The account that last signed in on this phone, and when our server last said so (ISO 8601). */
export interface KnownPerson extends Person {
  seenAt: string;
}
