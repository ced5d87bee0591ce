export interface Clocks {
  /** Milliseconds that only grow. They may stand still while the phone sleeps. */
  clock: () => number;
  /** Unix milliseconds, which go on in its sleep. Somebody may put them right, or wrong. */
  now: () => number;
}

/** A moment by both clocks of a phone. */
export interface Moment {
  clock: number;
  now: number;
}

export function momentOf({ clock, now }: Clocks): Moment {
  return { clock: clock(), now: now() };
}

/** A network puts the time of day right by less than this, now and then, while somebody uses the phone. */
const PUT_RIGHT_MS = 5_000;

/**
 * Whether so many milliseconds have gone by since: one clock that says so is enough. Where the time of day was put back,
 * nobody knows how long it was, so that counts too.
 */
export function hasPassed(milliseconds: number, since: Moment, clocks: Clocks): boolean {
  const { clock, now } = momentOf(clocks);
  return clock - since.clock >= milliseconds || now - since.now >= milliseconds || now < since.now - PUT_RIGHT_MS;
}
