// Where things are on the screen: when to scroll with the voice, and where the form for an excerpt goes.

/** Pixels from the top of the window. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

/**
 * Whether the page should move so that the word now being said can be seen. It does when the word before it could be
 * seen: somebody who has scrolled away to read something else is left in peace.
 */
export function shouldFollow(before: Band | null, now: Band, seen: Band): boolean {
  const inSight = (band: Band) => band.bottom > seen.top && band.top < seen.bottom;
  const comfortable = now.top >= seen.top && now.bottom <= seen.bottom - 0.2 * (seen.bottom - seen.top);
  return !comfortable && (before === null || inSight(before));
}

/** The top of a form of this height: under the chosen words where there is room in the window, above them otherwise. */
export function topOf(chosen: Band, height: number, seen: Band, gap = 8): number {
  const fitsUnder = chosen.bottom + gap + height <= seen.bottom;
  const fitsAbove = chosen.top - gap - height >= seen.top;
  return fitsUnder || !fitsAbove ? chosen.bottom + gap : chosen.top - gap - height;
}

/** The left edge of something this wide that begins at `wanted` and stays between 0 and `room`. */
export function leftOf(wanted: number, width: number, room: number): number {
  return Math.max(0, Math.min(wanted, room - width));
}
