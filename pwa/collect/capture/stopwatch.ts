/** Time spent recording, pauses left out, on a clock that never jumps. */
export class Stopwatch {
  private before = 0;
  private since: number | null = null;

  /** `clock` gives milliseconds that only grow, such as `performance.now()`. */
  constructor(private readonly clock: () => number) {}

  run(): void {
    this.since ??= this.clock();
  }

  hold(): void {
    this.before = this.milliseconds;
    this.since = null;
  }

  get milliseconds(): number {
    return Math.round(this.before + (this.since === null ? 0 : this.clock() - this.since));
  }
}
