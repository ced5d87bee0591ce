import { describe, expect, it } from 'vitest';
import { NOTHING_SEEN, afterLook, isMissing, sleptFor, soundUntil, type MicrophoneLook } from '../../collect/domain/watching';

const look: MicrophoneLook = { silent: false, chunkArrived: true, paused: false, hidden: false };

function looksUntilLost(seen: MicrophoneLook): { looks: number; code: string | null } {
  let watch = NOTHING_SEEN;
  for (let looks = 1; looks < 100; looks += 1) {
    const { watch: next, lost } = afterLook(watch, seen);
    if (lost) return { looks, code: lost };
    watch = next;
  }
  return { looks: 100, code: null };
}

describe('watching the microphone', () => {
  it('three seconds of digital silence are a lost microphone (fault 5)', () => {
    expect(looksUntilLost({ ...look, silent: true })).toEqual({ looks: 6, code: 'silence' });
  });

  it('silence while nobody sees the page is put down to that (fault 6)', () => {
    expect(looksUntilLost({ ...look, silent: true, hidden: true }).code).toBe('hidden');
  });

  it('a pause in speech that is not digital silence is not', () => {
    expect(looksUntilLost(look).code).toBeNull();
  });

  it('ten seconds awake without a chunk are a lost microphone (fault 6)', () => {
    expect(looksUntilLost({ ...look, chunkArrived: false })).toEqual({ looks: 20, code: 'no_sound_arriving' });
  });

  it('nothing is missed while paused', () => {
    expect(looksUntilLost({ silent: true, chunkArrived: false, paused: true, hidden: false }).code).toBeNull();
  });

  it('a clock that comes late by seconds was asleep, and one that comes late by a little was not (fault 6)', () => {
    expect([sleptFor(4_000), sleptFor(600_000)]).toEqual([0, 600_000]);
  });
});

describe('how far sound reaches', () => {
  it('a second or two on its way is nothing missing, and more than three is (fault 6)', () => {
    expect([isMissing(2_500), isMissing(3_500)]).toEqual([false, true]);
  });

  const before = { bytes: 80_000, savedMs: 10_000 };

  it('as far as the stopwatch, while the phone is awake', () => {
    expect(soundUntil({ bytes: 3, stopwatchMs: 11_000, sleptMs: 0 }, before)).toBe(11_000);
  });

  it('a small piece after a sleep holds none of it (fault 6)', () => {
    expect(soundUntil({ bytes: 8_000, stopwatchMs: 611_000, sleptMs: 600_000 }, before)).toBe(11_000);
  });

  it('a loud piece after a sleep holds none of it either (fault 6)', () => {
    expect(soundUntil({ bytes: 18_000, stopwatchMs: 611_000, sleptMs: 600_000 }, before)).toBe(11_000);
  });

  it('one giant piece after a sleep holds as much as it has bytes for (fault 9)', () => {
    expect(soundUntil({ bytes: 80_000 * 30, stopwatchMs: 611_000, sleptMs: 600_000 }, before)).toBe(310_000);
    expect(soundUntil({ bytes: 80_000 * 90, stopwatchMs: 611_000, sleptMs: 600_000 }, before)).toBe(611_000);
  });

  it('it is whole milliseconds, as the server takes them, whatever the clock counts in', () => {
    expect(soundUntil({ bytes: 1, stopwatchMs: 61_000, sleptMs: 60_000.25 }, { bytes: 0, savedMs: 0 })).toBe(1_000);
    expect(Number.isInteger(soundUntil({ bytes: 7, stopwatchMs: 90_000, sleptMs: 60_000.4 }, before))).toBe(true);
  });

  it('it never goes back', () => {
    expect(soundUntil({ bytes: 1, stopwatchMs: 5_000, sleptMs: 600_000 }, before)).toBe(10_000);
  });
});
