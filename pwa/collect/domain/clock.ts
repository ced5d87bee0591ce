/** Minutes and seconds for the eye, such as 2:07; an hour and more as 1:02:07. */
export function clock(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  const seconds = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}
