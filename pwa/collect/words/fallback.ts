import type { Words } from './en';

/** A language while some of its sentences are still to be written. */
export type Unfinished<T> = T extends (...spoken: never[]) => unknown
  ? T
  : T extends readonly string[]
    ? T
    : T extends object
      ? { [K in keyof T]?: Unfinished<T[K]> }
      : T;

/** English wherever the other language has no sentence yet. */
export function withEnglish(english: Words, other: Unfinished<Words>): Words {
  return filled(english, other) as Words;
}

function filled(english: unknown, other: unknown): unknown {
  if (other === undefined) return english;
  if (!isFolder(english) || !isFolder(other)) return other;
  const keys = Object.keys({ ...english, ...other });
  return Object.fromEntries(keys.map((key) => [key, filled(english[key], other[key])]));
}

function isFolder(of: unknown): of is Record<string, unknown> {
  return typeof of === 'object' && of !== null && !Array.isArray(of);
}
