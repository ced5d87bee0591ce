import { beforeEach, describe, expect, it, vi } from 'vitest';
import { StoryRecorder } from '../../collect/capture/recorder';
import { recoverRecordings } from '../../collect/capture/recovery';
import { Refusal } from '../../collect/domain/codes';
import { savedMs } from '../../collect/domain/recording';
import { joinedBytes, sha256 } from '../../collect/store/bytes';
import type { Database } from '../../collect/store/database';
import { queueEverything, queueRecording } from '../../collect/store/queueing';
import { endRecording } from '../../collect/store/recordings';
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
  recorder = new StoryRecorder((await keptStory(database)).id, phone.parts(database));
});

const view = () => recorder.view.get();
const sound = (): FakeSound => phone.microphone.sound!;
const segments = () => segmentsOf(database, view().recordingId!);

async function hears(seconds: number): Promise<void> {
  const before = view().savedMs;
  for (let second = 0; second < seconds; second += 1) {
    phone.ticks(10);
    sound().say(100);
  }
  await eventually(() => expect(view().savedMs).toBe(before + seconds * 1_000));
}

describe('when the phone cannot save', () => {
  /** Until the returned function is called, or so many times. */
  function diskFails(name: string, which: (store: string) => boolean, times = Infinity): () => void {
    const real = IDBObjectStore.prototype.put;
    let left = times;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value) {
      if (which(this.name) && (left -= 1) >= 0) throw new DOMException('made for this test', name);
      return real.call(this, value);
    });
    return () => (left = 0);
  }
  const chunks = (store: string): boolean => store === 'chunks';

  it('stops with an alarm, seals what is saved and offers everything to download (faults 10 and 11)', async () => {
    await recorder.start();
    await hears(2);
    diskFails('QuotaExceededError', chunks);
    sound().say(40);
    sound().last = new Blob([new Uint8Array(2)]);
    await eventually(() => expect(view()).toMatchObject({ state: 'interrupted', problem: 'phone_full' }));
    await recorder.stop();
    expect(phone.alarms).toBe(1);
    expect((await recorder.rescue())?.size).toBe(242);
    expect(await segments()).toMatchObject([{ state: 'queued', ended: 'full', size: 200 }]);
  });

  it('a segment that cannot be sealed is sealed as soon as the disk agrees (fault 10)', async () => {
    await recorder.start();
    await hears(1);
    const freed = diskFails('QuotaExceededError', () => true);
    sound().say(40);
    await eventually(() => expect(view()).toMatchObject({ state: 'interrupted', problem: 'phone_full' }));
    await recorder.start();
    expect(view()).toMatchObject({ state: 'interrupted', problem: 'phone_full' });
    freed();
    recorder.acknowledge();
    expect(view().problem).toBeNull();
    await recorder.start();
    await hears(1);
    await recorder.stop();
    expect(await segments()).toMatchObject([{ ended: 'full', size: 100 }, { ended: 'stopped', size: 100 }]);
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

  it('nothing follows a piece that was lost, and the segment after it is whole (fault 11)', async () => {
    await recorder.start();
    await hears(1);
    diskFails('UnknownError', chunks, 2);
    sound().say(40);
    sound().say(9);
    await eventually(() => expect(view()).toMatchObject({ state: 'interrupted', problem: 'not_saved' }));
    await recorder.start();
    await hears(1);
    await recorder.stop();
    const [first] = await segments();
    expect(first).toMatchObject({ ended: 'failed', size: 100 });
    expect((await joinedBytes(database, first!.id))?.byteLength).toBe(100);
    expect(await segments()).toMatchObject([{}, { ended: 'stopped', size: 100 }]);
  });

  it('a piece whose write reported failure after it had reached the disk is part of the hash (fault 11)', async () => {
    await recorder.start();
    await hears(1);
    const real = database.write.bind(database);
    vi.spyOn(database, 'write').mockImplementation(async (stores, work) => {
      const result = await real(stores, work);
      if (stores.includes('chunks')) throw new Refusal('not_saved', 'made for this test');
      return result;
    });
    sound().say(40);
    sound().last = new Blob([new Uint8Array(2)]);
    await recorder.stop();
    const [segment] = await segments();
    const whole = await joinedBytes(database, segment!.id);
    expect(segment?.sha256).toBe(await sha256(whole!));
  });

  it('a recording that is sealed is safe, although it cannot be queued yet (fault 10)', async () => {
    await recorder.start();
    await hears(1);
    const freed = diskFails('QuotaExceededError', (store) => store === 'outbox');
    await recorder.stop();
    expect(view()).toMatchObject({ state: 'sealed', problem: null });
    freed();
    await queueEverything(database);
    expect(await segments()).toMatchObject([{ state: 'queued' }]);
  });

  it('a last piece that is not saved is said, although the rest is whole (fault 11)', async () => {
    await recorder.start();
    await hears(1);
    diskFails('UnknownError', chunks);
    sound().last = new Blob([new Uint8Array(5)]);
    await recorder.stop();
    expect(view()).toMatchObject({ state: 'sealed', problem: 'not_saved' });
    expect((await recorder.rescue())?.size).toBe(105);
    expect(phone.alarms).toBe(1);
  });
});

describe('after a crash', () => {
  const crash = (): void => phone.browser.held.clear();
  const recover = async (now?: number) => {
    const found = await recoverRecordings(database, phone.browser.tab(), now);
    await queueEverything(database);
    return found;
  };

  it('seals what was on disk and says how much, and it is whole once it is kept (faults 1 to 3)', async () => {
    await recorder.start();
    await hears(7);
    crash();
    const found = await recover();
    expect(found).toMatchObject([{ savedMs: 7_000, recordingId: view().recordingId }]);
    expect(await segments()).toMatchObject([{ state: 'queued', ended: 'recovered', size: 700 }]);
    // Until somebody decides it is offered again; then its manifest goes.
    expect(await recover()).toEqual(found);
    await endRecording(database, found![0]!.recordingId);
    await queueRecording(database, found![0]!.recordingId);
    expect(await recover()).toEqual([]);
    expect((await allEntries(database)).map(({ kind }) => kind)).toContain('manifest');
  });

  it('it goes on as a new segment of the same recording (fault 3)', async () => {
    await recorder.start();
    await hears(7);
    await recorder.mark(null);
    crash();
    const [found] = (await recover())!;
    recorder = new StoryRecorder(found!.storyId, phone.parts(database), found!.recordingId);
    await recorder.start();
    expect(view()).toMatchObject({ recordingId: found!.recordingId, savedMs: 7_000, marks: 1 });
    await hears(2);
    await recorder.stop();
    const [before, after] = await segments();
    expect([before!.ended, after!.ended, savedMs([before!, after!])]).toEqual(['recovered', 'stopped', 9_000]);
    expect(after!.offsetMs).toBeGreaterThanOrEqual(7_000);
  });

  it('a locked phone seals it all the same (fault 1)', async () => {
    await recorder.start();
    await hears(7);
    crash();
    database.vault.lock();
    expect(await recover()).toMatchObject([{ savedMs: 7_000 }]);
    expect((await everythingKept(database)).segments).toMatchObject([{ state: 'sealed', ended: 'recovered' }]);
  });

  it('what nobody decided on for half a day is kept', async () => {
    await recorder.start();
    await hears(7);
    crash();
    expect(await recover(Date.now() + 13 * 3_600_000)).toEqual([]);
    expect((await everythingKept(database)).recordings).toMatchObject([{ state: 'queued' }]);
  });

  it('leaves alone what another tab is recording (fault 13)', async () => {
    await recorder.start();
    await hears(1);
    expect(await recover()).toBeNull();
    expect(view().state).toBe('recording');
  });
});
