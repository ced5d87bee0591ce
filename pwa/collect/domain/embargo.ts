export const LONGEST_REASON = 2_000;

/** A worry about somebody's safety: nobody hears or reads the story until the named person has looked into it. */
export interface Embargo {
  id: string;
  /** 1 to 2000 characters. */
  reason: string;
  /** Who is told; left out where administrators decide that. */
  namedId?: string;
  /** Their name, to be shown here; empty where nobody was chosen. */
  name: string;
}
