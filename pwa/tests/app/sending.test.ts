import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordingDesk } from '../../collect/app/recordings';
import { SendingDesk } from '../../collect/app/sending';
import type { Line } from '../../collect/domain/line';
import { writable } from '../../collect/domain/readable';
import type { StoryView } from '../../collect/domain/story';
import type { Database } from '../../collect/store/database';
import { allStandings, changeEntries } from '../../collect/store/outbox';
import { openSegments } from '../../collect/store/segments';
import { FakePhone } from '../capture/fakes';
import { eventually } from '../eventually';
import { halfMadeSegment, keptStory, newDatabase, soundOf } from '../makers';
import { newRescueKey, readItem } from '../store/item-reader';
import { queuedSegment } from '../sync/files';

let database: Database;
let line: Line;
let returns: () => void;
const changed = vi.fn(() => Promise.resolve());

beforeEach(async () => {
  database = await newDatabase();
  line = 'mobile';
});
afterEach(() => database.close());

const newDesk = (recordings = new RecordingDesk(new FakePhone().parts(database), () => undefined)): SendingDesk => {
  const device = { line: () => line, onReturn: (call: () => void) => void (returns = call) };
  return new SendingDesk(database, device, recordings, writable(false), changed);
};

it('says what waits for Wi-Fi, and follows the phone from one line to another', async () => {
  const desk = newDesk();
  await desk.setWifiOnly(true);
  expect(desk.view.get()).toEqual({ wifiOnly: true, line: 'mobile', mediaGoes: false });
  line = 'wifi';
  returns();
  await eventually(() => expect(desk.view.get()).toMatchObject({ line: 'wifi', mediaGoes: true }));
});

it('a choice is still made after the app was closed', async () => {
  await newDesk().setWifiOnly(true);
  const again = newDesk();
  await eventually(() => expect(again.view.get().wifiOnly).toBe(true));
});

it('asks for sound and photos alone, and for what waits now', async () => {
  const story = await keptStory(database);
  const id = await queuedSegment(database, story.id, soundOf(10));
  await changeEntries(database, (entry) => ({ ...entry, nextTryAt: 5, attempts: 3 }));
  await newDesk().mediaNow();
  const asked = (await allStandings(database)).filter(({ anyLine }) => anyLine);
  expect(asked).toMatchObject([{ id, nextTryAt: 0, attempts: 0 }]);
});

it('takes a story back and shows it at once', async () => {
  const story = await keptStory(database);
  changed.mockClear();
  await newDesk().takeBack(story.id, '');
  expect((await allStandings(database)).map(({ kind }) => kind)).toEqual(['withdrawal']);
  expect(changed).toHaveBeenCalledOnce();
});

describe('a story with a recording that was cut off, saved to a file (fault 3)', () => {
  const rescue = newRescueKey();
  let phone: FakePhone;
  let storyId: string;
  let recordingId: string;

  beforeEach(async () => {
    phone = new FakePhone();
    await database.vault.trust({ keyId: 'rescue', point: new Uint8Array(rescue.point), forWhom: 'phone person' });
    storyId = (await keptStory(database)).id;
    const startedAt = new Date().toISOString();
    recordingId = (await halfMadeSegment(database, storyId, [soundOf(90)], { startedAt })).recordingId;
  });

  const newRecordings = (): RecordingDesk => new RecordingDesk(phone.parts(database), () => undefined);

  async function saved(recordings: RecordingDesk): Promise<string[]> {
    const pieces: Uint8Array[] = [];
    for await (const piece of newDesk(recordings).itemFile(storyId, null, () => undefined)) pieces.push(piece);
    return readItem(Buffer.concat(pieces), rescue.secret).contents.entries.map(({ kind }) => kind);
  }

  it('has all that it takes to become a recording, and nobody is asked about it any more', async () => {
    const recordings = newRecordings();
    await recordings.recover();
    expect(recordings.recovered.get()).toMatchObject([{ recordingId }]);
    expect(await saved(recordings)).toEqual(['consent', 'story', 'manifest', 'segment']);
    expect(recordings.recovered.get()).toEqual([]);
  });

  it('is not saved while another tab holds the recording, sound coming in or not', async () => {
    const there = newRecordings();
    await there.recover();
    const recorder = there.newRecorder({ id: storyId, may: { recording: true } } as StoryView, recordingId);
    await recorder.start();
    await expect(saved(newRecordings())).rejects.toMatchObject({ code: 'already_recording' });
    phone.microphone.sound!.events!.onLost('microphone_lost');
    await eventually(() => expect(recorder.view.get().state).toBe('interrupted'));
    await eventually(async () => expect(await openSegments(database)).toEqual([]));
    await expect(saved(newRecordings())).rejects.toMatchObject({ code: 'already_recording' });
    await recorder.stop();
    expect(await saved(newRecordings())).toEqual(['consent', 'story', 'manifest', 'segment']);
  });
});
