import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { screenAwake } from '../../collect/capture/awake';
import { StoryRecorder } from '../../collect/capture/recorder';
import { eventually } from '../eventually';
import { keptStory, newDatabase } from '../makers';
import { FakePhone } from './fakes';

/** A browser's wake lock: the phone lights the screen while any of them is held. */
class FakeLock extends EventTarget {
  constructor() {
    super();
    held.add(this);
  }

  release(): Promise<void> {
    if (held.delete(this)) this.dispatchEvent(new Event('release'));
    return Promise.resolve();
  }
}

const held = new Set<FakeLock>();
let page: EventTarget & { visibilityState: string };
let request: () => Promise<FakeLock>;
let told: boolean[];

beforeEach(() => {
  held.clear();
  told = [];
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  request = () => Promise.resolve(new FakeLock());
  vi.stubGlobal('document', page);
  vi.stubGlobal('navigator', { wakeLock: { request: () => request() } });
});
afterEach(() => vi.unstubAllGlobals());

const tell = (awake: boolean): void => void told.push(awake);

/** The phone takes every lock of a page that it hides. */
function turn(visibilityState: 'visible' | 'hidden'): void {
  page.visibilityState = visibilityState;
  if (visibilityState === 'hidden') for (const lock of [...held]) void lock.release();
  page.dispatchEvent(new Event('visibilitychange'));
}

it('the screen stays lit from the beginning to the end', async () => {
  const awake = screenAwake();
  awake.begin(tell);
  await eventually(() => expect(told).toEqual([true]));
  expect(held.size).toBe(1);
  awake.end();
  expect(held.size).toBe(0);
  expect(told).toEqual([true]);
});

it('is lit again when the page comes back, and not after the end (fault 6)', async () => {
  const awake = screenAwake();
  awake.begin(tell);
  await eventually(() => expect(told).toEqual([true]));
  turn('hidden');
  expect([told.at(-1), held.size]).toEqual([false, 0]);
  turn('visible');
  await eventually(() => expect([told.at(-1), held.size]).toEqual([true, 1]));
  awake.end();
  turn('hidden');
  turn('visible');
  await new Promise((done) => setTimeout(done, 0));
  expect(held.size).toBe(0);
});

it('goes dark where the end comes before the phone has answered', async () => {
  const awake = screenAwake();
  awake.begin(tell);
  awake.end();
  await new Promise((done) => setTimeout(done, 0));
  expect([held.size, told]).toEqual([0, []]);
});

it.each([
  ['refuses', { request: () => Promise.reject(new DOMException('made for this test', 'NotAllowedError')) }],
  ['knows no such thing', undefined],
])('a phone that %s is told of', async (_case, wakeLock) => {
  vi.stubGlobal('navigator', { wakeLock });
  screenAwake().begin(tell);
  await eventually(() => expect(told).toEqual([false]));
});

it('a recording that was interrupted twice keeps one lock, and none after Stop, whatever the page does', async () => {
  const [database, phone] = [await newDatabase(), new FakePhone()];
  const story = await keptStory(database);
  const recorder = new StoryRecorder(story.id, { ...phone.parts(database), awake: screenAwake() });
  for (let segment = 0; segment < 3; segment += 1) {
    await recorder.start();
    await eventually(() => expect(recorder.view.get().awake).toBe(true));
    phone.ticks(10);
    phone.microphone.sound!.say(100);
    await eventually(() => expect(recorder.view.get().savedMs).toBe(1_000 * (segment + 1)));
    if (segment < 2) phone.microphone.sound!.events!.onLost('microphone_lost');
  }
  expect(held.size).toBe(1);
  turn('hidden');
  turn('visible');
  await eventually(() => expect([recorder.view.get().awake, held.size]).toEqual([true, 1]));
  await recorder.stop();
  expect(held.size).toBe(0);
  turn('visible');
  await new Promise((done) => setTimeout(done, 0));
  expect([held.size, recorder.view.get().awake]).toEqual([0, false]);
});
