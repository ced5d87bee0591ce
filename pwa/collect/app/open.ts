import type { CollectApp } from '../app-core';
import { Refusal } from '../domain/codes';
import { deviceLabel } from '../domain/device';
import { Database } from '../store/database';
import { deviceId } from '../store/feed';
import { RECORDING_LOCK } from '../store/locks';
import { forgetPerson } from '../store/projects';
import { Api } from '../sync/api';
import { Engine } from '../sync/engine';
import { identified } from '../sync/identified';
import { Transport } from '../sync/transport';
import { browserDevice, type Device } from './device';
import { ConsentDesk } from './agreeing';
import { EmbargoDesk } from './embargoes';
import { Guard } from './guard';
import { loadAhead } from './load-ahead';
import { PhotoDesk } from './photos';
import { RecordingDesk } from './recordings';
import { SendingDesk } from './sending';
import { Shelf } from './shelf';
import { StoryDesk } from './stories';
import { takenBackNow } from './taken-back';
import { UpdateOffer } from './update';

const CUT_OFF_MS = 1_000;
const UPDATE_LOOK_MS = 5_000;

/** Opens the app: reads what is kept, seals what a crash cut off, and begins to look for the server. */
export function openCollectApp(device: Device = browserDevice(), database = new Database()): CollectApp {
  const fetch = identified(device.fetch, () => deviceId(database));
  const api = new Api(fetch);
  const transport = new Transport(database, api, fetch);
  const label = deviceLabel(device.userAgent);
  const engine = new Engine({ ...device, label, database, api, transport, recover: () => recordings.recover() });
  const desk = new StoryDesk(database);
  const photos = new PhotoDesk(database, device.openImage);
  const recordings = new RecordingDesk({ ...device, database }, () => {
    database.hold('recording', recordings.isRecording);
    void update.look();
    if (recordings.isUnderWay) return guard.stayOpen();
    // What has just ended is in the outbox now. What was cut off is sent a moment later: a page that is being closed
    // loses its microphone too, and what it began to write then would stay open behind it, in WebKit for ever.
    if (recordings.isRecording) device.after(CUT_OFF_MS, () => void engine.wake());
    else void engine.wake();
  });
  const update = new UpdateOffer(
    device.updates,
    async () =>
      recordings.isRecording ||
      engine.sending.get() ||
      shelf.outbox.get().sending || // another tab may be at it
      device.locks.anyHeld(RECORDING_LOCK),
  );
  const agreeing = new ConsentDesk(database, device, device.openImage);
  const shelf = new Shelf(database, device, engine, recordings);
  const guard = new Guard({
    ...device,
    database,
    api,
    isBusy: () => recordings.isUnderWay || agreeing.isUnderWay,
    onOpened: () => {
      loadAhead();
      void recordings.recover().then(seen).then(() => engine.wake());
    },
  });

  /** What is kept is kept, and is sent, even where it cannot be read just now: `trouble` says so. */
  const seen = (): Promise<void> => shelf.read().catch(() => undefined);

  /** After something new was kept: screens show it at once, and it is sent if it can be. */
  const kept = async <T>(saving: Promise<T>): Promise<T> => {
    const result = await saving;
    await seen();
    void engine.wake();
    return result;
  };
  const sending = new SendingDesk(database, device, recordings, engine.revoked, () => kept(Promise.resolve()));
  const story = (storyId: string) => shelf.stories.get().find(({ id }) => id === storyId) ?? null;

  shelf.outbox.subscribe(() => void update.look());
  engine.sending.subscribe((busy) => {
    database.hold('sending', busy);
    void update.look();
  });
  // Another tab says nothing when it lets go of its lock.
  device.every(UPDATE_LOOK_MS, () => void update.look());
  database.onWord((word) => word === 'destroyed' && device.forgetAll());
  device.onReturn(() => void engine.wake());
  // Where the database cannot be opened, `trouble` says so.
  void guard.look().then(() => shelf.open()).catch(() => undefined).then(() => {
    // A phone that was never set up fetches it with its first PIN, and not before its first screen.
    if (guard.view.get().state === 'locked') loadAhead();
    return engine.wake();
  });

  return {
    ...shelf.views,
    update: update.view,
    withdrawn: engine.withdrawn,
    takenBack: takenBackNow({ ...shelf, revoked: engine.revoked, lock: guard.view }),
    lock: guard,
    sending,
    agreeing,
    photos,
    holdBack: new EmbargoDesk(database, kept),
    story,
    async startStory(projectId, draft) {
      const { person } = shelf.signIn.get();
      if (!person) throw new Refusal('signed_out');
      void shelf.persist();
      return kept(agreeing.start(projectId, person.id, draft));
    },
    newRecorder(storyId, continues) {
      const found = story(storyId);
      if (!found) throw new Refusal('story_missing');
      return recordings.newRecorder(found, continues);
    },
    newMicrophoneCheck: () => recordings.newCheck(),
    keepRecovered: (recordingId) => kept(recordings.keep(recordingId)),
    battery: () => device.battery(),
    addPhoto: (storyId, photo, about) => kept(photos.next(() => desk.addPhoto(storyId, photo, about))),
    addQuote: (storyId, text, participantId) => kept(desk.addQuote(storyId, text, participantId)),
    partBlob: (partId) => desk.partBlob(partId),
    discard: (partId) => kept(recordings.discard(partId)),
    retry: (entryId) => kept(shelf.retry(entryId)),
    sendNow: () => void kept(shelf.retryWaiting()),
    dismissRecovered: (recordingId) => recordings.dismiss(recordingId),
    draftCounts: () => agreeing.draftCounts(),
    measureStorage: () => shelf.measure(),
    persist: () => shelf.persist(),
    async signOut() {
      await recordings.whileNobodyRecords(async () => {
        if (!(await api.signOut())) throw new Refusal('unreachable');
        guard.lock();
        await forgetPerson(database);
      });
      void engine.wake();
    },
    async destroy() {
      await recordings.whileNobodyRecords(async () => {
        await api.signOut();
        await database.destroy();
      });
      device.forgetAll();
    },
    applyUpdate: () => void update.apply(),
  };
}
