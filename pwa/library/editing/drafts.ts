// Words that the server has not confirmed: they stay in this tab, through reloads, and go when they are saved.

/** `was` is the text that somebody began to change, `text` what they have written. */
export interface Draft {
  readonly was: string;
  readonly text: string;
}

const KEY = 'earshot-draft';

/** The drafts of one transcript by one person. */
export class Drafts {
  private readonly kept: Storage;
  private readonly start: string;
  private readonly all = new Map<number, Draft>();

  constructor(kept: Storage, transcript: string, person: string) {
    this.kept = kept;
    this.start = `${KEY}/${person}/${transcript}/`;
    for (const key of Array.from({ length: kept.length }, (_, number) => kept.key(number) ?? '')) {
      const draft = key.startsWith(this.start) ? read(kept.getItem(key)) : null;
      if (draft !== null) this.all.set(Number(key.slice(this.start.length)), draft);
    }
  }

  get ids(): number[] {
    return [...this.all.keys()];
  }

  get(segment: number): Draft | undefined {
    return this.all.get(segment);
  }

  /** A tab that is full or keeps nothing still has them until it is closed. */
  put(segment: number, draft: Draft): void {
    this.all.set(segment, draft);
    try {
      this.kept.setItem(this.start + String(segment), JSON.stringify([draft.was, draft.text]));
    } catch {
      // They are in `all`.
    }
  }

  dropAll(): void {
    for (const segment of this.ids) this.drop(segment);
  }

  drop(segment: number): void {
    this.all.delete(segment);
    this.kept.removeItem(this.start + String(segment));
  }
}

/** What another person left unsent in this tab is not theirs who uses it now. */
export function dropOthers(kept: Storage, person: string): void {
  const keys = Array.from({ length: kept.length }, (_, number) => kept.key(number) ?? '');
  for (const key of keys) if (key.startsWith(`${KEY}/`) && !key.startsWith(`${KEY}/${person}/`)) kept.removeItem(key);
}

function read(value: string | null): Draft | null {
  try {
    const [was, text] = JSON.parse(value ?? '') as [unknown, unknown];
    return typeof was === 'string' && typeof text === 'string' ? { was, text } : null;
  } catch {
    return null;
  }
}
