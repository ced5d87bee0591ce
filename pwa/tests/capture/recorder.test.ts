import { beforeEach, describe, expect, it } from 'vitest';
import { StoryRecorder } from '../../collect/capture/recorder';
import type { Database } from '../../collect/store/database';
import { markersOf } from '../../collect/store/markers';
import { segmentsOf } from '../../collect/store/segments';
import { everythingKept } from '../../collect/store/stories';
import { allEntries } from '../entries';
import { eventually } from '../eventually';
import { keptStory, newDatabase } from '../makers';
import { FakePhone, type FakeSound } from './fakes';

let database: Database;
let phone: FakePhone;
let recorder: StoryRecorder;

beforeEach(async () => {
  database = await newDatabase();
  phone = new FakePhone();
  const story = await keptStory(database);
  recorder = new StoryRecorder(story.id, phone.parts(database));
});

const view = () => recorder.view.get();
const sound = (): FakeSound => phone.microphone.sound!;
const savedIs = (ms: number): Promise<void> => eventually(() => expect(view().savedMs).toBe(ms));
const segments = () => segmentsOf(database, view().recordingId!);

async function hears(seconds: number): Promise<void> {
  const before = view().savedMs;
  for (let second = 0; second < seconds; second += 1) {
    phone.ticks(10);
    sound().say(100);
  }
  await savedIs(before + seconds * 1_000);
}

describe('recording', () => {
  it('counts the seconds that are on disk, not those that passed', async () => {
    await recorder.start();
    phone.ticks(20);
    expect(view()).toMatchObject({ state: 'recording', savedMs: 0, level: 0.4, awake: true });
    sound().say(100);
    await savedIs(2_000);
  });

  it('leaves pauses out of the length, and keeps them inside the segment', async () => {
    await recorder.start();
    await hears(1);
    recorder.pause();
    phone.ticks(50);
    expect(view()).toMatchObject({ state: 'paused', level: 0 });
    recorder.resume();
    phone.ticks(10);
    sound().say(100);
    await savedIs(2_000);
    expect(await segments()).toHaveLength(1);
  });

  it('puts the last piece on disk before it says it is sealed', async () => {
    await recorder.start();
    await hears(2);
    sound().last = new Blob([new Uint8Array(50)]);
    await recorder.stop();
    expect(view()).toMatchObject({ state: 'sealed', problem: null, awake: false });
    const entries = (await allEntries(database)).filter(({ kind }) => kind === 'segment' || kind === 'manifest');
    entries.sort((a, b) => a.kind.localeCompare(b.kind));
    expect(entries).toMatchObject([{ kind: 'manifest', id: view().recordingId }, { kind: 'segment', bytes: 250 }]);
    expect(sound().closed).toBe(true);
    expect(phone.browser.held.size).toBe(0);
  });

  it('leaves out empty pieces (fault 9)', async () => {
    await recorder.start();
    sound().say(0);
    phone.ticks(10);
    sound().say(10);
    await savedIs(1_000);
    expect(await segments()).toMatchObject([{ chunks: 1, size: 10 }]);
  });

  it('two taps on start and on stop make one segment (fault 8)', async () => {
    await Promise.all([recorder.start(), recorder.start()]);
    await hears(1);
    await Promise.all([recorder.stop(), recorder.stop()]);
    expect((await everythingKept(database)).segments).toMatchObject([{ state: 'queued', ended: 'stopped' }]);
  });

  it('stop while the phone still asks about the microphone ends quietly (fault 8)', async () => {
    let agree = (): void => undefined;
    phone.microphone.asking = new Promise((resolve) => (agree = resolve));
    const starting = recorder.start();
    const stopping = recorder.stop();
    agree();
    await Promise.all([starting, stopping]);
    expect(view()).toMatchObject({ state: 'sealed', problem: 'empty_recording', recordingId: null });
    expect((await everythingKept(database)).recordings).toEqual([]);
    expect(sound()).toMatchObject({ events: null, closed: true });
  });

  it('a clock that is set back or forward changes no length (fault 31)', async () => {
    await recorder.start();
    await hears(1);
    const RealDate = Date;
    try {
      globalThis.Date = class extends RealDate {
        constructor(at?: number | string) {
          super(at ?? RealDate.now() - 5 * 365 * 86_400_000);
        }
        static override now = () => RealDate.now() - 5 * 365 * 86_400_000;
      } as DateConstructor;
      sound().events!.onLost('microphone_lost');
      phone.ticks(50);
      await recorder.start();
      await hears(1);
      await recorder.stop();
    } finally {
      globalThis.Date = RealDate;
    }
    const [before, after] = await segments();
    expect([before!.durationMs, after!.durationMs, after!.offsetMs]).toEqual([1_000, 1_000, 6_000]);
    // Both times are kept, so that the server can put them right.
    expect(Date.parse(after!.startedAt)).toBeLessThan(Date.parse(before!.startedAt));
  });
});

describe('when the phone takes the microphone away', () => {
  it('seals what was heard, says so at once, and goes on with one tap and a gap (fault 4)', async () => {
    await recorder.start();
    await hears(2);
    phone.ticks(3);
    sound().events!.onLost('microphone_lost');
    expect(view()).toMatchObject({ state: 'interrupted', problem: 'microphone_lost', level: 0 });
    expect(phone.alarms).toBe(1);
    await eventually(async () => expect(await segments()).toMatchObject([{ state: 'queued', ended: 'microphone_lost' }]));
    phone.ticks(50);
    await recorder.start();
    expect(view()).toMatchObject({ state: 'recording', problem: null, savedMs: 2_000 });
    await hears(1);
    await recorder.stop();
    // Three tenths of a second were heard and never handed over: they belong to the gap.
    expect(await segments()).toMatchObject([
      { number: 0, offsetMs: 0, durationMs: 2_000, ended: 'microphone_lost' },
      { number: 1, offsetMs: 7_300, durationMs: 1_000, ended: 'stopped' },
    ]);
    expect(view()).toMatchObject({ state: 'sealed', savedMs: 3_000 });
    expect((await everythingKept(database)).recordings).toMatchObject([{ state: 'queued' }]);
  });

  it('a segment is on its way before the recording ends', async () => {
    await recorder.start();
    await hears(1);
    sound().events!.onLost('microphone_lost');
    await eventually(async () => expect((await allEntries(database)).map(({ kind }) => kind)).toContain('segment'));
    expect(view().state).toBe('interrupted');
    expect(phone.browser.held.size).toBe(1);
  });

  it('it can be stopped where it was interrupted', async () => {
    await recorder.start();
    await hears(1);
    sound().events!.onLost('microphone_lost');
    await recorder.stop();
    expect(view()).toMatchObject({ state: 'sealed', savedMs: 1_000 });
    expect((await everythingKept(database)).recordings).toMatchObject([{ state: 'queued' }]);
  });

  it.each<[string, (heard: FakeSound) => void, string, number]>([
    ['digital silence (fault 5)', (heard) => (heard.silent = true), 'silence', 30],
    ['silence while nobody sees the page (fault 6)', (heard) => (heard.silent = heard.hidden = true), 'hidden', 30],
    ['a track that has ended and did not say so (fault 7)', (heard) => (heard.dead = true), 'microphone_lost', 1],
  ])('%s is noticed within three seconds', async (_case, happens, problem, ticks) => {
    await recorder.start();
    await hears(1);
    happens(sound());
    phone.ticks(ticks);
    expect(view()).toMatchObject({ state: 'interrupted', problem });
  });

  it('a phone that slept says so, and its timer counted nothing meanwhile (fault 6)', async () => {
    await recorder.start();
    await hears(2);
    phone.sleep(600_000);
    phone.ticks(26);
    expect(view()).toMatchObject({ state: 'interrupted', problem: 'slept', savedMs: 2_000 });
    await recorder.start();
    await hears(1);
    await recorder.stop();
    expect(await segments()).toMatchObject([{ durationMs: 2_000, ended: 'interrupted' }, { offsetMs: 604_600 }]);
  });

  it('one giant piece after a sleep is kept whole (fault 9)', async () => {
    await recorder.start();
    await hears(2);
    phone.sleep(60_000);
    sound().say(3_000);
    phone.ticks(26);
    expect(view()).toMatchObject({ state: 'interrupted', problem: 'slept' });
    await recorder.stop();
    expect(await segments()).toMatchObject([{ size: 3_200, durationMs: 32_000 }]);
  });

  it('a phone that recorded on while its page slept has lost nothing, and goes on (fault 6)', async () => {
    await recorder.start();
    await hears(2);
    phone.sleep(60_000);
    for (let piece = 0; piece < 60; piece += 1) sound().say(100);
    phone.ticks(26);
    sound().say(100);
    await savedIs(64_600);
    expect(view().state).toBe('recording');
  });

  it('a long pause is no sleep', async () => {
    await recorder.start();
    await hears(1);
    recorder.pause();
    phone.sleep(600_000);
    phone.ticks(1);
    recorder.resume();
    await hears(1);
    expect(view()).toMatchObject({ state: 'recording', savedMs: 2_000 });
  });

  it('a refused microphone is said plainly and leaves nothing behind (fault 7)', async () => {
    phone.microphone.refusal = 'microphone_refused';
    await recorder.start();
    expect(view()).toMatchObject({ state: 'failed', problem: 'microphone_refused' });
    expect(phone.browser.held.size).toBe(0);
    expect((await everythingKept(database)).recordings).toEqual([]);
  });

  it('one refused between two segments costs nothing that was saved, and may be allowed again (fault 7)', async () => {
    await recorder.start();
    await hears(1);
    sound().events!.onLost('microphone_refused');
    phone.microphone.refusal = 'microphone_refused';
    await recorder.start();
    expect(view()).toMatchObject({ state: 'interrupted', problem: 'microphone_refused', savedMs: 1_000 });
    phone.microphone.refusal = null;
    await recorder.start();
    await hears(1);
    await recorder.stop();
    expect((await segments()).map(({ ended }) => ended)).toEqual(['microphone_lost', 'stopped']);
  });

  it('two taps to go on make one segment (fault 8)', async () => {
    await recorder.start();
    await hears(1);
    sound().events!.onLost('microphone_lost');
    await Promise.all([recorder.start(), recorder.start()]);
    await hears(1);
    await Promise.all([recorder.stop(), recorder.stop()]);
    expect(await segments()).toHaveLength(2);
  });

  it('another tab cannot record meanwhile (fault 13)', async () => {
    await recorder.start();
    await hears(1);
    sound().events!.onLost('microphone_lost');
    const other = new StoryRecorder('another-story', phone.parts(database));
    await other.start();
    expect(other.view.get()).toMatchObject({ state: 'failed', problem: 'already_recording' });
  });
});

describe('marking moments', () => {
  it('a mark is a place in the saved sound, whatever was missed before it', async () => {
    await recorder.start();
    await hears(2);
    expect(await recorder.mark('prompt')).toBe(true);
    sound().events!.onLost('silence');
    expect(await recorder.mark(null)).toBe(false);
    phone.ticks(100);
    await recorder.start();
    phone.ticks(5);
    await recorder.mark(null);
    await recorder.setTheme('theme');
    expect(view()).toMatchObject({ marks: 2, lastMark: { atMs: 2_500, themeId: 'theme' } });
    sound().say(10);
    await recorder.stop();
    expect((await markersOf(database, view().recordingId!)).markers).toMatchObject([
      { atMs: 2_000, promptId: 'prompt', themeId: null },
      { atMs: 2_500, promptId: null, themeId: 'theme' },
    ]);
  });

  it('it can be taken back, and is kept while the phone is locked', async () => {
    database.vault.lock();
    await recorder.start();
    await hears(1);
    await recorder.mark(null);
    await recorder.mark(null);
    await recorder.undoMark();
    expect(view().marks).toBe(1);
    expect(await database.read(['markers'], (tx) => tx.objectStore('markers').count())).toBe(1);
  });
});
