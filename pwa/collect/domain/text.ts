/** Counted as the server counts: in characters, not in halves of them. */
export function inRange(text: string, least: number, most: number): boolean {
  const { length } = [...text];
  return length >= least && length <= most;
}
