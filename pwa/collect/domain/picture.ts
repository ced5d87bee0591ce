/** Pixels of the longest edge of a photo where its project sets none, and of a photo of paper, which must be read. */
export const LONGEST_EDGE = 2400;
const MOST_PIXELS = 8000;

/** The size that keeps the shape and brings the longest edge down to `longest`; never enlarges. */
export function fitWithin(
  width: number,
  height: number,
  longest: number = LONGEST_EDGE,
): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** Pixels of the longest edge that a photo keeps: what its project allows, and never more than servers take. */
export function longestEdge(photoPixels: number | undefined): number {
  return photoPixels && photoPixels > 0 ? Math.min(photoPixels, MOST_PIXELS) : LONGEST_EDGE;
}
