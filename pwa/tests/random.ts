/** mulberry32: a small generator whose whole state is its seed, so a failure can be run again. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Another each time, unless `SEED` names one; tests that use it say it in their name. */
export const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
