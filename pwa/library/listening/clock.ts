// Positions in a recording, in words.

/** A position as people read it: 1:05, or 1:00:05 after an hour. */
export function clockOf(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
