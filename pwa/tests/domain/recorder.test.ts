import { describe, expect, it } from 'vitest';
import { afterEvent, isLive, isUnderWay, type RecorderEvent, type RecorderState } from '../../collect/domain/recorder';
import { generator, seed } from '../random';

function run(...events: RecorderEvent[]): RecorderState {
  return events.reduce(afterEvent, 'idle' as RecorderState);
}

describe('the states of a recorder', () => {
  it('goes from a tap to sealed', () => {
    expect(run('start', 'armed', 'pause', 'resume', 'stop', 'sealed')).toBe('sealed');
  });

  it('goes on with one tap after an interruption (fault 4)', () => {
    expect(run('start', 'armed', 'lost', 'start', 'armed')).toBe('recording');
    expect(run('start', 'armed', 'lost', 'start', 'lost', 'stop', 'sealed')).toBe('sealed');
  });

  it.each<[string, RecorderEvent[], RecorderState]>([
    ['a second tap on start', ['start', 'start'], 'arming'],
    ['a second tap on pause', ['start', 'armed', 'pause', 'pause'], 'paused'],
    ['a second tap on stop', ['start', 'armed', 'stop', 'stop'], 'stopping'],
    ['stop before anything began', ['stop'], 'idle'],
    ['a microphone that answers after stop', ['start', 'stop', 'armed'], 'stopping'],
    ['a tap on resume after the end', ['start', 'armed', 'stop', 'sealed', 'resume'], 'sealed'],
    ['a tap on start after the end', ['start', 'armed', 'stop', 'sealed', 'start'], 'sealed'],
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

  it(`whatever happens in whatever order, stop always leads to an end and an end stays one (SEED=${seed})`, () => {
    const random = generator(seed);
    const events: RecorderEvent[] = ['start', 'armed', 'pause', 'resume', 'stop', 'sealed', 'lost', 'failed'];
    for (let round = 0; round < 2_000; round += 1) {
      let state: RecorderState = 'idle';
      for (let step = 0; step < 30; step += 1) {
        const event = events[Math.floor(random() * events.length)]!;
        const next = afterEvent(state, event);
        if (next === 'recording') expect(['arming', 'paused', 'recording']).toContain(state);
        if (!isLive(state) && state !== 'idle') expect(next).toBe(state);
        state = next;
      }
      for (const event of ['stop', 'sealed'] as const) if (isLive(state)) state = afterEvent(state, event);
      expect(['idle', 'sealed', 'failed']).toContain(state);
    }
  });
});

it('only a microphone in use keeps the phone from locking, not a recording that was interrupted', () => {
  const states = ['idle', 'arming', 'recording', 'paused', 'interrupted', 'stopping', 'sealed', 'failed'] as const;
  expect(states.filter(isUnderWay)).toEqual(['arming', 'recording', 'paused', 'stopping']);
});
