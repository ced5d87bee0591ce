import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SendingDesk } from '../../collect/app/sending';
import type { Line } from '../../collect/domain/line';
import { writable } from '../../collect/domain/readable';
import type { Database } from '../../collect/store/database';
import { allStandings, changeEntries } from '../../collect/store/outbox';
import { eventually } from '../eventually';
import { keptStory, newDatabase, soundOf } from '../makers';
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

const newDesk = (): SendingDesk => {
  const device = { line: () => line, onReturn: (call: () => void) => void (returns = call) };
  return new SendingDesk(database, device, writable(false), changed);
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
