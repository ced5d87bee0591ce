/** What the phone is connected by, as far as it says: only some browsers do. */
export type Line = 'wifi' | 'mobile' | 'unknown';

/** How somebody wants things sent from this phone. */
export interface SendingChoice {
  /** Sound and photos wait for Wi-Fi; words never do. */
  wifiOnly: boolean;
}

/** A story is safest where it is sent at once, so that is what happens until somebody chooses otherwise. */
export const USUAL_SENDING: SendingChoice = { wifiOnly: false };

/** Whether media may go by itself. Where the phone cannot tell what it is connected by, it waits to be asked. */
export function mediaMayGo({ wifiOnly }: SendingChoice, line: Line): boolean {
  return !wifiOnly || line === 'wifi';
}

/** The line that a browser's connection type stands for (Network Information API). */
export function lineOf(type: string | undefined): Line {
  if (type === 'wifi' || type === 'ethernet') return 'wifi';
  return type === 'cellular' || type === 'wimax' || type === 'bluetooth' ? 'mobile' : 'unknown';
}
