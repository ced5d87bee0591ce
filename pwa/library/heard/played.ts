// What has been listened to: played without a leap, not faster than twice the speed, and not in silence. Pure.

/** From and to, in whole milliseconds. */
export type Stretch = readonly [start: number, end: number];

/** How the sound stands at a moment. */
export interface Standing {
  /** Position in the sound and time of day, in milliseconds. */
  readonly at: number;
  readonly now: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly audible: boolean;
}

export const FASTEST = 2;
/** Clocks of sounds and of pages differ a little, and a hidden page is told seldom. */
const SLACK_MS = 500;

export class Played {
  private done: Stretch[] = [];
  private from: number | null = null;
  private last: Standing | null = null;

  /** Call it often while the sound plays, and once when it stops. */
  at(standing: Standing): void {
    const { last } = this;
    this.last = standing;
    const listening = last !== null && last.playing && last.audible && last.speed <= FASTEST;
    if (last === null || !listening) return this.begin(standing);
    const most = (standing.now - last.now) * Math.min(FASTEST, Math.max(last.speed, standing.speed)) + SLACK_MS;
    if (standing.at < last.at || standing.at - last.at > most) {
      this.close(last.at);
      this.begin(standing);
    } else if (!standing.playing || standing.speed > FASTEST || !standing.audible) {
      this.close(standing.at);
    }
  }

  /** The position is about to be another one. */
  leap(): void {
    if (this.last !== null) this.close(this.last.at);
    this.last = null;
  }

  /** What was played since this was last asked, in order and without overlap. It goes on from there. */
  take(): Stretch[] {
    const { last } = this;
    if (last !== null && this.from !== null) {
      this.close(last.at);
      this.begin(last);
    }
    const taken = joined(this.done);
    this.done = [];
    return taken;
  }

  /** It could not be sent: it waits for the next time. */
  giveBack(stretches: readonly Stretch[]): void {
    this.done.push(...stretches);
  }

  private begin(standing: Standing): void {
    const counts = standing.playing && standing.audible && standing.speed <= FASTEST;
    this.from = counts ? standing.at : null;
  }

  private close(end: number): void {
    if (this.from !== null && end > this.from) this.done.push([Math.round(this.from), Math.round(end)]);
    this.from = null;
  }
}

/** The same time in as few stretches as can be. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const found: [number, number][] = [];
  for (const [start, end] of [...stretches].sort((one, other) => one[0] - other[0])) {
    const before = found.at(-1);
    if (before !== undefined && start <= before[1]) before[1] = Math.max(before[1], end);
    else found.push([start, end]);
  }
  return found;
}
