// @vitest-environment happy-dom
import { flushSync } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import { openCollectApp } from '../../collect/app/open';
import ReadyScreen from '../../collect/screens/check/ReadyScreen.svelte';
import { words } from '../../collect/words';
import { quietDevice } from '../app/quiet-device';
import { FakePhone } from '../capture/fakes';
import { eventually } from '../eventually';
import { newDatabase } from '../makers';
import { clear, show, textOf } from './page';

afterEach(clear);

it('the check says how much room there is when it opens, and not when the app did', async () => {
  const database = await newDatabase();
  let usedBytes = 0;
  const storage = () => Promise.resolve({ persisted: true, usedBytes, quotaBytes: 10_000_000 });
  const noLine = () => Promise.reject(new TypeError('no line'));
  const app = openCollectApp({ ...quietDevice(new FakePhone(), database, noLine), storage }, database);
  await eventually(() => expect(app.storage.get().quotaBytes).toBe(10_000_000));
  const before = textOf(show(app, ReadyScreen));
  usedBytes = 9_999_999;
  const page = show(app, ReadyScreen);
  await eventually(() => {
    flushSync();
    expect(textOf(page)).toContain(words.ready.room.none);
  });
  expect(before).not.toContain(words.ready.room.none);
  clear();
  database.close();
});
