import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CollectApp } from '../../collect/app-core';
import { openCollectApp } from '../../collect/app/open';
import type { Database } from '../../collect/store/database';
import { RECORDING_LOCK } from '../../collect/store/locks';
import { keepPerson } from '../../collect/store/projects';
import { FakePhone } from '../capture/fakes';
import { eventually } from '../eventually';
import { newDatabase } from '../makers';
import { FakeServer } from '../sync/fake-server';
import { draft, quietDevice } from './quiet-device';

let server: FakeServer;
let database: Database;
let phone: FakePhone;
let forgotten: boolean;

beforeEach(async () => {
  server = new FakeServer();
  server.fault = (method, path) => {
    if (path !== '/sign-out' || method !== 'POST') return null;
    server.signedIn = null;
    return { status: 303, headers: { Location: '/sign-in' } };
  };
  database = await newDatabase();
  phone = new FakePhone();
  forgotten = false;
  await keepPerson(database, { id: 'person', name: 'Amina', seenAt: 'now' });
});
afterEach(() => {
  server.close();
  database.close();
});

async function openApp(): Promise<CollectApp> {
  const address = await server.open();
  const device = quietDevice(phone, database, (url, init) => fetch(address + url, init));
  const app = openCollectApp({ ...device, forgetAll: () => (forgotten = true) }, database);
  await eventually(() => expect(app.online.get()).toBe('online'));
  return app;
}

describe('while a recording goes on, nobody signs out and nobody deletes everything', () => {
  const refused = async (app: CollectApp): Promise<void> => {
    await expect(app.signOut()).rejects.toMatchObject({ code: 'already_recording' });
    await expect(app.destroy()).rejects.toMatchObject({ code: 'already_recording' });
    expect(server.requests).not.toContain('POST /sign-out');
    expect([app.signIn.get().person?.name, app.lock.view.get().state, forgotten]).toEqual(['Amina', 'open', false]);
  };

  it('in another tab', async () => {
    const app = await openApp();
    const { id } = await app.startStory('project', draft);
    const end = await phone.browser.tab().take(RECORDING_LOCK);
    await refused(app);
    expect(app.story(id)?.pseudonym).toBe('Rose');
    end!();
    await app.signOut();
    await eventually(() => expect(app.signIn.get().person).toBeNull());
  });

  it('here, also where the phone has stopped it and somebody may go on', async () => {
    const app = await openApp();
    const { id } = await app.startStory('project', draft);
    const recorder = app.newRecorder(id);
    await recorder.start();
    phone.ticks(10);
    phone.microphone.sound!.say(100);
    await eventually(() => expect(recorder.view.get().savedMs).toBe(1_000));
    await refused(app);
    expect(recorder.view.get().state).toBe('recording');
    phone.microphone.sound!.events!.onLost('microphone_lost');
    await refused(app);
    expect(recorder.view.get().state).toBe('interrupted');
    await recorder.stop();
    await app.destroy();
    expect(forgotten).toBe(true);
  });

  it('and none begins while everything is being deleted', async () => {
    const app = await openApp();
    const { id } = await app.startStory('project', draft);
    const deleting = app.destroy();
    const recorder = app.newRecorder(id);
    await recorder.start();
    expect(recorder.view.get()).toMatchObject({ state: 'failed', problem: 'already_recording' });
    await deleting;
    expect(forgotten).toBe(true);
  });
});
