import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { soundAlarm } from '../../collect/capture/alarm';
import { StoryRecorder } from '../../collect/capture/recorder';
import { segmentsOf } from '../../collect/store/segments';
import { eventually } from '../eventually';
import { keptStory, newDatabase } from '../makers';
import { FakePhone } from './fakes';

/** What a browser was asked to sound, with nothing that makes a sound. */
class FakeContext {
  readonly currentTime = 3;
  readonly destination = 'the loudspeaker';
  closed = false;
  readonly loudness: [number, number][] = [];
  readonly volume = {
    gain: { setValueAtTime: (value: number, at: number) => void this.loudness.push([value, at - this.currentTime]) },
    reaches: '',
    connect: (next: string) => (this.volume.reaches = next),
  };
  readonly tone = {
    frequency: { value: 0 },
    from: NaN,
    until: NaN,
    onended: () => undefined as void,
    reaches: null as unknown,
    connect: (next: unknown) => (this.tone.reaches = next) && this.volume,
    start: () => void (this.tone.from = this.currentTime),
    stop: (at: number) => void (this.tone.until = at),
  };
  constructor() {
    contexts.push(this);
  }
  createOscillator = () => this.tone;
  createGain = () => this.volume;
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

class TakenContext {
  constructor() {
    throw new DOMException('made for this test', 'NotSupportedError');
  }
}

const contexts: FakeContext[] = [];
const buzzes: number[][] = [];

beforeEach(() => {
  contexts.length = buzzes.length = 0;
  vi.stubGlobal('AudioContext', FakeContext);
  vi.stubGlobal('navigator', { vibrate: (pattern: number[]) => buzzes.push(pattern) });
});
afterEach(() => vi.unstubAllGlobals());

/** A recording of one second on a phone with the real alarm, and then the microphone is taken away. */
async function interrupted() {
  const [database, phone] = [await newDatabase(), new FakePhone()];
  const story = await keptStory(database);
  const recorder = new StoryRecorder(story.id, { ...phone.parts(database), alarm: soundAlarm });
  await recorder.start();
  phone.ticks(10);
  phone.microphone.sound!.say(100);
  await eventually(() => expect(recorder.view.get().savedMs).toBe(1_000));
  expect([contexts, buzzes]).toEqual([[], []]);
  phone.microphone.sound!.events!.onLost('microphone_lost');
  return { recorder, ended: async () => (await segmentsOf(database, recorder.view.get().recordingId!))[0]?.ended };
}

it('a recording that is interrupted is heard as two tones and felt as two buzzes (fault 4)', async () => {
  await interrupted();
  expect(buzzes).toEqual([[300, 150, 300]]);
  const [{ tone, volume, loudness, destination }] = contexts as [FakeContext];
  expect([tone.reaches, volume.reaches, tone.frequency.value]).toEqual([volume, destination, 660]);
  expect(loudness.map(([value]) => value > 0)).toEqual([true, false, true]);
  expect(tone.from).toBeLessThan(tone.until);
  expect(loudness.every(([, at]) => at >= 0 && at < tone.until - tone.from)).toBe(true);
});

it('lets go of the sound once it was heard', () => {
  soundAlarm();
  expect(contexts[0]!.closed).toBe(false);
  contexts[0]!.tone.onended();
  expect(contexts[0]!.closed).toBe(true);
});

it('is heard on a phone that cannot buzz', () => {
  vi.stubGlobal('navigator', {});
  soundAlarm();
  expect(contexts).toHaveLength(1);
});

it.each([
  ['is missing', undefined],
  ['is taken, as by a call', TakenContext],
])('is felt on a phone whose loudspeaker %s, and what was heard is sealed (fault 4)', async (_case, sound) => {
  vi.stubGlobal('AudioContext', sound);
  const { recorder, ended } = await interrupted();
  expect(buzzes).toHaveLength(1);
  await eventually(async () => expect(await ended()).toBe('microphone_lost'));
  expect(recorder.view.get()).toMatchObject({ state: 'interrupted', problem: 'microphone_lost' });
});
