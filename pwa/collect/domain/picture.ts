export const LONGEST_EDGE = 2400;

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
