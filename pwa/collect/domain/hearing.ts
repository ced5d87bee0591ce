import type { Code } from './codes';

/** Above this a microphone hears something, from 0 to 1. */
export const HEARD_LEVEL = 0.02;

/** A microphone that is being checked. */
export interface HearingView {
  state: 'idle' | 'asking' | 'listening';
  /** Loudness now, 0 to 1. */
  level: number;
  /** It has heard something since the check began. */
  heard: boolean;
  problem: Code | null;
}
