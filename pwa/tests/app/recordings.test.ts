import { beforeEach, expect, it, vi } from 'vitest';
import { RecordingDesk } from '../../collect/app/recordings';
import type { StoryView } from '../../collect/domain/story';
import type { Database } from '../../collect/store/database';
import { segmentsOf } from '../../collect/store/segments';
import { halfMadeSegment, keptStory, newDatabase, soundOf, type Made } from '../makers';
import { FakePhone } from '../capture/fakes';

let database: Database;
let phone: FakePhone;
let made: Made;
let story: StoryView;

beforeEach(async () => {
  database = await newDatabase();
  phone = new FakePhone();
  const { id } = await keptStory(database);
  made = await halfMadeSegment(database, id, [soundOf(100)], { startedAt: new Date().toISOString() });
  story = { id, pseudonym: 'Rose', projectName: 'Carers', may: { recording: true } } as StoryView;
});

const newDesk = (): RecordingDesk => new RecordingDesk(phone.parts(database), () => undefined);
const found = (desk: RecordingDesk): string[] => desk.recovered.get().map(({ recordingId }) => recordingId);

it('a phone too full to seal what was cut off opens all the same, and seals it once there is room (fault 10)', async () => {
  const desk = newDesk();
  const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('made for this test', 'QuotaExceededError');
  });
  await desk.recover();
  expect(found(desk)).toEqual([]);
  full.mockRestore();
  await desk.recover();
  expect(found(desk)).toEqual([made.recordingId]);
  expect(await segmentsOf(database, made.recordingId)).toMatchObject([{ state: 'queued', ended: 'recovered' }]);
});

it('what one tab goes on with can neither be kept nor deleted in another (fault 13)', async () => {
  const [here, there] = [newDesk(), newDesk()];
  await here.recover();
  await there.recover();
  const recorder = here.newRecorder(story, made.recordingId);
  await recorder.start();
  await expect(there.keep(made.recordingId)).rejects.toMatchObject({ code: 'already_recording' });
  await expect(there.discard(made.recordingId)).rejects.toMatchObject({ code: 'already_recording' });
  await there.recover();
  expect(recorder.view.get().state).toBe('recording');
  expect((await segmentsOf(database, made.recordingId)).map(({ state }) => state)).toEqual(['queued', 'open']);
});

it('what was cut off stays in sight until it really goes on (fault 3)', async () => {
  const desk = newDesk();
  await desk.recover();
  phone.microphone.refusal = 'microphone_refused';
  await desk.newRecorder(story, made.recordingId).start();
  expect(found(desk)).toEqual([made.recordingId]);
  phone.microphone.refusal = null;
});

it('and leaves the list once it does', async () => {
  const desk = newDesk();
  await desk.recover();
  await desk.newRecorder(story, made.recordingId).start();
  expect(found(desk)).toEqual([]);
});

it('looking again loses nothing of what was found before', async () => {
  await database.write(['segments'], async (tx) => {
    const segment = (await tx.objectStore('segments').get(made.segmentId))!;
    await tx.objectStore('segments').put({ ...segment, chunks: 0, size: 0, durationMs: 0 });
  });
  const desk = newDesk();
  await desk.recover();
  await desk.recover();
  expect(desk.recovered.get()).toMatchObject([{ recordingId: made.recordingId, savedMs: 0 }]);
});
