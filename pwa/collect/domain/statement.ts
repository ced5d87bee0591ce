import type { Code } from './codes';

/** How a spoken statement of consent stands. It is short, and kept nowhere until somebody says so. */
export interface StatementView {
  state: 'idle' | 'starting' | 'recording' | 'done' | 'failed';
  milliseconds: number;
  /** Loudness now, 0 to 1. */
  level: number;
  problem: Code | null;
}

/** A statement says who agrees to what; a minute is enough for that. */
export const LONGEST_STATEMENT_MS = 60_000;
