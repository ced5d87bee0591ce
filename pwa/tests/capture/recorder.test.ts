import { beforeEach, describe, expect, it, vi } from 'vitest';
import { StoryRecorder } from '../../collect/capture/recorder';
import { recoverRecordings } from '../../collect/capture/recovery';
import type { Database } from '../../collect/store/database';
import { joinedBytes } from '../../collect/store/bytes';
import { allEntries } from '../../collect/store/outbox';
import { everythingKept } from '../../collect/store/stories';
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

async function hears(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    phone.ticks(10);
    sound().say(100);
  }
  await savedIs(view().savedMs === 0 ? seconds * 1_000 : view().savedMs);
}

describe('recording', () => {
  it('counts the seconds that are on disk, not those that passed', async () => {
    await recorder.start();
    phone.ticks(20);
    expect(view()).toMatchObject({ state: 'recording', savedMs: 0, level: 0.4, awake: true });
    sound().say(100);
    await savedIs(2_000);
  });

  it('leaves pauses out of the length', async () => {
    await recorder.start();
    await hears(1);
    recorder.pause();
    phone.ticks(50);
    expect(view()).toMatchObject({ state: 'paused', level: 0 });
    recorder.resume();
    phone.ticks(10);
    sound().say(100);
    await savedIs(2_000);
  });

  it('puts the last piece on disk before it says it is sealed', async () => {
    await recorder.start();
    await hears(2);
    sound().last = new Blob([new Uint8Array(50)]);
    await recorder.stop();
    expect(view()).toMatchObject({ state: 'sealed', problem: null, awake: false });
    const entry = (await allEntries(database)).find((one) => one.id === view().recordingId);
    expect(entry).toMatchObject({ kind: 'recording', state: 'waiting', bytes: 250 });
    expect(sound().closed).toBe(true);
    expect(phone.browser.held.size).toBe(0);
  });

  it('leaves out empty pieces (fault 9)', async () => {
    await recorder.start();
    sound().say(0);
    phone.ticks(10);
    sound().say(10);
    await savedIs(1_000);
    expect((await everythingKept(database)).recordings).toMatchObject([{ chunks: 1, size: 10 }]);
  });

  it('two taps on start and on stop make one recording (fault 8)', async () => {
    await Promise.all([recorder.start(), recorder.start()]);
    await hears(1);
    await Promise.all([recorder.stop(), recorder.stop()]);
    expect((await everythingKept(database)).recordings).toHaveLength(1);
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
});

describe('when the phone takes the microphone away', () => {
  it('keeps what was heard, says so at once and sounds the alarm (fault 4)', async () => {
    await recorder.start();
    await hears(2);
    sound().events!.onLost('microphone_lost');
    expect(view()).toMatchObject({ state: 'interrupted', problem: 'microphone_lost' });
    await recorder.stop();
    expect((await everythingKept(database)).recordings).toMatchObject([{ state: 'sealed', ended: 'interrupted' }]);
    expect(phone.alarms).toBe(1);
  });

  it('a microphone gone dead is noticed within three seconds (fault 5)', async () => {
    await recorder.start();
    await hears(1);
    sound().silent = true;
    phone.ticks(30);
    expect(view()).toMatchObject({ state: 'interrupted', problem: 'silence' });
  });

  it('a refused microphone is said plainly and leaves nothing behind (fault 7)', async () => {
    phone.microphone.refusal = 'microphone_refused';
    await recorder.start();
    expect(view()).toMatchObject({ state: 'failed', problem: 'microphone_refused' });
    expect(phone.browser.held.size).toBe(0);
    expect((await everythingKept(database)).recordings).toEqual([]);
  });
});

describe('when the phone cannot save', () => {
  function diskFails(name: string, times = Infinity): void {
    const real = IDBObjectStore.prototype.put;
    let left = times;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value) {
      if (this.name === 'chunks' && (left -= 1) >= 0) throw new DOMException('made for this test', name);
      return real.call(this, value);
    });
  }

  it('stops with an alarm, seals what is saved and offers everything to download (faults 10 and 11)', async () => {
    await recorder.start();
    await hears(2);
    diskFails('QuotaExceededError');
    sound().say(40);
    sound().last = new Blob([new Uint8Array(2)]);
    await eventually(() => expect(view()).toMatchObject({ state: 'failed', problem: 'phone_full' }));
    await recorder.stop();
    expect(phone.alarms).toBe(1);
    expect((await recorder.rescue())?.size).toBe(242);
    expect((await everythingKept(database)).recordings).toMatchObject([{ state: 'sealed', ended: 'failed', size: 200 }]);
  });

  it('a write that fails once is made good and nobody is troubled (fault 11)', async () => {
    await recorder.start();
    const real = IDBDatabase.prototype.transaction;
    vi.spyOn(IDBDatabase.prototype, 'transaction')
      .mockImplementationOnce(() => {
        throw new DOMException('made for this test', 'InvalidStateError');
      })
      .mockImplementation(function (this: IDBDatabase, ...args) {
        return real.apply(this, args);
      });
    await hears(1);
    expect(view()).toMatchObject({ state: 'recording', savedMs: 1_000, problem: null });
  });

  it('nothing follows a piece that was lost', async () => {
    await recorder.start();
    await hears(1);
    diskFails('UnknownError', 2);
    sound().say(40);
    sound().say(9);
    await eventually(() => expect(view().state).toBe('failed'));
    await recorder.stop();
    const [recording] = (await everythingKept(database)).recordings;
    expect((await joinedBytes(database, recording!.id))?.byteLength).toBe(100);
  });
});

describe('after a crash', () => {
  it('seals and queues what was on disk and says how much (faults 1 to 3)', async () => {
    await recorder.start();
    await hears(7);
    phone.browser.held.clear();
    const found = await recoverRecordings(database, phone.browser.tab());
    expect(found).toMatchObject([{ savedMs: 7_000, recordingId: view().recordingId }]);
    expect(await recoverRecordings(database, phone.browser.tab())).toEqual([]);
    expect((await everythingKept(database)).recordings).toMatchObject([{ state: 'sealed', ended: 'recovered', size: 700 }]);
  });

  it('leaves alone what another tab is recording (fault 13)', async () => {
    await recorder.start();
    await hears(1);
    expect(await recoverRecordings(database, phone.browser.tab())).toEqual([]);
    expect(view().state).toBe('recording');
  });
});
