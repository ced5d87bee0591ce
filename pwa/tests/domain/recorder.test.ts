import { describe, expect, it } from 'vitest';
import { afterEvent, afterLook, type RecorderEvent, type RecorderState } from '../../collect/domain/recorder';

function run(...events: RecorderEvent[]): RecorderState {
  return events.reduce(afterEvent, 'idle' as RecorderState);
}

describe('the states of a recorder', () => {
  it('goes from a tap to sealed', () => {
    expect(run('start', 'armed', 'pause', 'resume', 'stop', 'sealed')).toBe('sealed');
  });

  it.each<[string, RecorderEvent[], RecorderState]>([
    ['a second tap on start', ['start', 'start'], 'arming'],
    ['a second tap on pause', ['start', 'armed', 'pause', 'pause'], 'paused'],
    ['a second tap on stop', ['start', 'armed', 'stop', 'stop'], 'stopping'],
    ['stop before anything began', ['stop'], 'idle'],
    ['a microphone that answers after stop', ['start', 'stop', 'armed'], 'stopping'],
    ['a tap on resume after the end', ['start', 'armed', 'stop', 'sealed', 'resume'], 'sealed'],
  ])('%s changes nothing more (fault 8)', (_case, events, state) => {
    expect(run(...events)).toBe(state);
  });

  it('a lost microphone interrupts, whether recording or paused (fault 4)', () => {
    expect(run('start', 'armed', 'lost')).toBe('interrupted');
    expect(run('start', 'armed', 'pause', 'lost')).toBe('interrupted');
  });

  it('a failure while stopping is shown', () => {
    expect(run('start', 'armed', 'stop', 'failed')).toBe('failed');
  });
});

describe('watching the microphone', () => {
  const fresh = { silentLooks: 0, looksWithoutChunk: 0 };
  const look = { silent: false, chunkArrived: true, paused: false };

  function looksUntilLost(seen: typeof look): { looks: number; code: string | null } {
    let watch = fresh;
    for (let looks = 1; looks < 100; looks += 1) {
      const { watch: next, lost } = afterLook(watch, seen);
      if (lost) return { looks, code: lost };
      watch = next;
    }
    return { looks: 100, code: null };
  }

  it('three seconds of digital silence are a lost microphone (fault 5)', () => {
    expect(looksUntilLost({ ...look, silent: true })).toEqual({ looks: 6, code: 'silence' });
  });

  it('a pause in speech that is not digital silence is not', () => {
    expect(looksUntilLost(look).code).toBeNull();
  });

  it('ten seconds awake without a chunk are a lost microphone (fault 6)', () => {
    expect(looksUntilLost({ ...look, chunkArrived: false })).toEqual({ looks: 20, code: 'no_sound_arriving' });
  });

  it('nothing is missed while paused', () => {
    expect(looksUntilLost({ silent: true, chunkArrived: false, paused: true }).code).toBeNull();
  });
});
