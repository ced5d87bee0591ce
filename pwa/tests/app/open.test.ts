import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CollectApp } from '../../collect/app-core';
import { openCollectApp } from '../../collect/app/open';
import type { Database } from '../../collect/store/database';
import { keepPerson } from '../../collect/store/projects';
import { RECORDING_LOCK } from '../../collect/store/locks';
import type { Fetch } from '../../collect/sync/network';
import { FakePhone } from '../capture/fakes';
import { eventually } from '../eventually';
import { agreementBy, newDatabase, PIN } from '../makers';
import { FakeServer } from '../sync/fake-server';
import { draft, quietDevice } from './quiet-device';

let server: FakeServer;
let database: Database;
let phone: FakePhone;
let line: 'up' | 'down';
let newerApp: () => void;
let updated: boolean;

const yes = { record: true, transcribe: true, commissioners: true, board: true, publication: true, photos: true };

beforeEach(async () => {
  server = new FakeServer();
  database = await newDatabase();
  phone = new FakePhone();
  line = 'down';
  updated = false;
  later = [];
  await keepPerson(database, { id: 'person', name: 'Amina', seenAt: 'now' });
});
afterEach(() => {
  server.close();
  database.close();
});

/** What the app wanted to do after a while: it happens when a test says so. */
let later: { ms: number; call: () => void }[];

async function openApp(): Promise<CollectApp> {
  const address = await server.open();
  const upOrDown: Fetch = (url, init) =>
    line === 'up' ? fetch(address + url, init) : Promise.reject(new TypeError('no line'));
  const device = {
    ...quietDevice(phone, database, upOrDown),
    updates: { onReady: (call: () => void) => void (newerApp = call), apply: () => void (updated = true) },
    after: (ms: number, call: () => void) => {
      later.push({ ms, call });
      return () => undefined;
    },
  };
  const app = openCollectApp(device, database);
  await eventually(() => expect(app.online.get()).not.toBe('unknown'));
  return app;
}

describe('with no signal', () => {
  it('a whole story is taken and waits, and the line on top says so', async () => {
    const app = await openApp();
    expect(app.outbox.get().everythingSent).toBe(true);
    const story = await app.startStory('project', draft);
    await app.addQuote(story.id, 'So cold');
    const photo = await app.addPhoto(story.id, await app.photos.take(story.id, new Blob(['x'])), { description: 'A window', people: 'nobody', peopleNote: '' });
    expect(app.story(story.id)).toMatchObject({ pseudonym: 'Rose', state: 'only_here', total: 4, unsent: 4 });
    expect(app.story(story.id)?.parts.map((part) => [part.kind, part.state])).toEqual([['quote', 'waiting'], ['photo', 'waiting']]);
    expect(app.outbox.get()).toMatchObject({ unsentStories: 1, everythingSent: false });
    expect(await (await app.partBlob(photo))?.text()).toContain('a window');
  });

  it('and is sent when the server answers again', async () => {
    const app = await openApp();
    const story = await app.startStory('project', draft);
    await app.addQuote(story.id, 'So cold');
    line = 'up';
    app.sendNow();
    await eventually(() => expect(app.story(story.id)?.state).toBe('stored'));
    expect(app.outbox.get().everythingSent).toBe(true);
    expect(app.online.get()).toBe('online');
  });

  it('what was kept is not called lost, and is sent, where the phone cannot read its stories for a moment', async () => {
    const app = await openApp();
    const { id } = await app.startStory('project', draft);
    const readAll = IDBObjectStore.prototype.getAll;
    const unreadable = vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore, ...query) {
      if (this.name === 'quotes') throw new DOMException('made for this test', 'UnknownError');
      return readAll.apply(this, query);
    });
    line = 'up';
    await app.addQuote(id, 'So cold');
    await eventually(() => expect([...server.held.values()].map(({ kind }) => kind)).toContain('quote'));
    unreadable.mockRestore();
  });

  it('nobody who never signed in can start', async () => {
    database = await newDatabase();
    const app = await openApp();
    await expect(app.startStory('project', draft)).rejects.toMatchObject({ code: 'signed_out' });
  });
});

describe('the lock', () => {
  it('closes by itself while a server that does not answer is being sent to, and the rest goes once it is opened', async () => {
    const app = await openApp();
    const { id } = await app.startStory('project', draft);
    await app.addPhoto(id, await app.photos.take(id, new Blob(['x'])), { description: '', people: 'nobody', peopleNote: '' });
    server.fault = (method) => (method === 'PATCH' ? 'silent' : null);
    line = 'up';
    app.sendNow();
    await eventually(() => expect(server.requests.some((request) => request.startsWith('PATCH'))).toBe(true));
    phone.sleep(5 * 60_000);
    phone.ticks(1);
    expect(app.lock.view.get().state).toBe('locked');
    await eventually(() => expect(app.outbox.get().sending).toBe(false));
    server.fault = () => null;
    await app.lock.unlock(PIN);
    await eventually(() => expect(app.story(id)?.state).toBe('stored'));
  });

  it('that cannot be opened for want of a part of the app says what to do, and opens once the part is there', async () => {
    const app = await openApp();
    app.lock.lock();
    vi.doMock('../../collect/store/argon', () => Promise.reject(new TypeError('made for this test')));
    await expect(app.lock.unlock(PIN)).rejects.toMatchObject({ code: 'open_again' });
    expect(app.trouble.get()).toBe('open_again');
    vi.doUnmock('../../collect/store/argon');
    await app.lock.unlock(PIN);
    expect(app.trouble.get()).toBeNull();
  });
});

describe('what consent allows', () => {
  it('a part whose use was refused cannot be captured', async () => {
    const app = await openApp();
    const answers = { ...yes, record: false, photos: false, commissioners: false, board: false, publication: false };
    const { id } = await app.startStory('project', { ...draft, agreements: [agreementBy('Rose', { answers })] });
    expect(() => app.newRecorder(id)).toThrow('use_refused');
    const photo = await app.photos.take(id, new Blob(['x']));
    await expect(app.addPhoto(id, photo, { description: '', people: 'nobody', peopleNote: '' })).rejects.toMatchObject({ code: 'use_refused' });
    await expect(app.addQuote(id, 'Words')).rejects.toMatchObject({ code: 'use_refused' });
  });

  it.each([['no pseudonym', { pseudonym: '  ' }], ['a pseudonym of 81', { pseudonym: 'a'.repeat(81) }], ['a place of 121', { place: 'a'.repeat(121) }]])(
    '%s is refused before anything is kept',
    async (_case, change) => {
      const app = await openApp();
      await expect(app.startStory('project', { ...draft, ...change })).rejects.toMatchObject({ code: 'invalid' });
      expect(app.stories.get()).toEqual([]);
    },
  );

  it.each([['no words', '  '], ['5001 characters', 'a'.repeat(5001)]])('a quote of %s is refused', async (_case, text) => {
    const app = await openApp();
    const { id } = await app.startStory('project', draft);
    await expect(app.addQuote(id, text)).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('recording through the app', () => {
  it('one at a time, and a newer app waits until it ends (fault 14)', async () => {
    const app = await openApp();
    const { id } = await app.startStory('project', draft);
    const recorder = app.newRecorder(id);
    await recorder.start();
    newerApp();
    await eventually(() => expect(app.update.get()).toEqual({ ready: true, deferred: true }));
    app.applyUpdate();
    expect(() => app.newRecorder(id)).toThrow('already_recording');
    phone.ticks(10);
    phone.microphone.sound!.say(100);
    await recorder.stop();
    expect(updated).toBe(false);
    await eventually(() => expect(app.update.get().deferred).toBe(false));
    expect(app.story(id)?.parts).toMatchObject([{ kind: 'recording', state: 'waiting', durationMs: 1_000 }]);
    app.applyUpdate();
    await eventually(() => expect(updated).toBe(true));
  });

  it('and until the recording of another tab ends, which says nothing of that (fault 14)', async () => {
    const app = await openApp();
    const end = await phone.browser.tab().take(RECORDING_LOCK);
    newerApp();
    await eventually(() => expect(app.update.get()).toEqual({ ready: true, deferred: true }));
    end!();
    phone.ticks(1);
    await eventually(() => expect(app.update.get()).toEqual({ ready: true, deferred: false }));
  });

  it('a recording is sent as soon as it ends', async () => {
    line = 'up';
    const app = await openApp();
    const { id } = await app.startStory('project', draft);
    await eventually(() => expect(app.story(id)?.state).toBe('stored'));
    const recorder = app.newRecorder(id);
    await recorder.start();
    phone.ticks(10);
    phone.microphone.sound!.say(100);
    await recorder.stop();
    await eventually(() => expect(app.story(id)?.parts).toMatchObject([{ state: 'stored', sentBytes: 100 }]));
  });

  it('what was recorded before the phone cut it off is sent while nobody goes on', async () => {
    line = 'up';
    const app = await openApp();
    const { id } = await app.startStory('project', draft);
    await eventually(() => expect(app.story(id)?.state).toBe('stored'));
    const recorder = app.newRecorder(id);
    await recorder.start();
    phone.ticks(10);
    phone.microphone.sound!.say(100);
    await eventually(() => expect(recorder.view.get().savedMs).toBe(1_000));
    phone.microphone.sound!.events!.onLost('microphone_lost');
    await eventually(() => expect(later.map(({ ms }) => ms)).toContain(1_000));
    later.find(({ ms }) => ms === 1_000)!.call();
    await eventually(() => expect([...server.held.values()].map(({ kind }) => kind)).toContain('segment'));
    expect(recorder.view.get().state).toBe('interrupted');
  });

  it('what a crash cut off is offered when the app opens again (faults 1 and 3)', async () => {
    const before = await openApp();
    const { id } = await before.startStory('project', draft);
    const recorder = before.newRecorder(id);
    await recorder.start();
    phone.ticks(70);
    phone.microphone.sound!.say(100);
    await eventually(() => expect(recorder.view.get().savedMs).toBe(7_000));
    phone = new FakePhone();
    server.close();
    server = new FakeServer();
    const app = await openApp();
    expect(app.recovered.get()).toMatchObject([{ storyId: id, pseudonym: 'Rose', savedMs: 7_000 }]);
    const { recordingId } = app.recovered.get()[0]!;
    app.dismissRecovered(recordingId);
    expect(app.recovered.get()).toEqual([]);
    await app.discard(recordingId);
    expect(app.story(id)?.parts).toEqual([]);
  });

  it('a phone too full to seal what was cut off opens, and offers it once there is room (fault 10)', async () => {
    const before = await openApp();
    const { id } = await before.startStory('project', draft);
    const recorder = before.newRecorder(id);
    await recorder.start();
    phone.ticks(70);
    phone.microphone.sound!.say(100);
    await eventually(() => expect(recorder.view.get().savedMs).toBe(7_000));
    phone = new FakePhone();
    server.close();
    server = new FakeServer();
    const full = diskIsFull(() => true);
    const app = await openApp();
    expect([app.ready.get(), app.recovered.get()]).toEqual([true, []]);
    full.mockRestore();
    app.sendNow();
    await eventually(() => expect(app.recovered.get()).toMatchObject([{ storyId: id, savedMs: 7_000 }]));
  });

  it('one that could not be ended is offered without opening the app again (fault 10)', async () => {
    const app = await openApp();
    const { id } = await app.startStory('project', draft);
    const recorder = app.newRecorder(id);
    await recorder.start();
    phone.ticks(10);
    phone.microphone.sound!.say(100);
    await eventually(() => expect(recorder.view.get().savedMs).toBe(1_000));
    const full = diskIsFull((store) => store === 'segments');
    await recorder.stop();
    expect(recorder.view.get()).toMatchObject({ state: 'failed', problem: 'phone_full' });
    full.mockRestore();
    app.sendNow();
    await eventually(() => expect(app.recovered.get()).toMatchObject([{ storyId: id, savedMs: 1_000 }]));
  });
});

function diskIsFull(which: (store: string) => boolean) {
  const real = IDBObjectStore.prototype.put;
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value) {
    if (which(this.name)) throw new DOMException('made for this test', 'QuotaExceededError');
    return real.call(this, value);
  });
}
