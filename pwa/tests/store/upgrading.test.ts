import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recoverRecordings } from '../../collect/capture/recovery';
import { uuidv7 } from '../../collect/domain/ids';
import { sha256 } from '../../collect/store/bytes';
import { Database } from '../../collect/store/database';
import { fileFacts } from '../../collect/store/file-facts';
import { sealOldRows } from '../../collect/store/old-rows';
import { allStandings } from '../../collect/store/outbox';
import { keepPerson, keptPerson } from '../../collect/store/projects';
import { queueEverything } from '../../collect/store/queueing';
import { VERSION } from '../../collect/store/schema';
import { everythingKept } from '../../collect/store/stories';
import { PIECE_BYTES } from '../../collect/sync/upload';
import { allEntries } from '../entries';
import { eventually } from '../eventually';
import { Browser, CHEAP, PIN, soundOf } from '../makers';
import { engineOf } from '../sync/engines';
import { FakeServer } from '../sync/fake-server';
import { oldPhone, SAID } from './old-phones';

let server: FakeServer;
let address: string;
let name: string;
const opened: Database[] = [];

beforeEach(async () => {
  server = new FakeServer();
  address = await server.open();
  name = `earshot-old-${uuidv7()}`;
});
afterEach(() => {
  server.close();
  for (const database of opened.splice(0)) database.close();
});

const newApp = (): Database => {
  const database = new Database(name, CHEAP);
  opened.push(database);
  return database;
};
const engine = (database: Database) =>
  engineOf(database, (url, init) => fetch(address + url, init), new Browser(), () => 1_000_000);
const amina = { id: 'person', name: 'Amina', seenAt: 'now' };

describe('a phone that an earlier app left (faults 14 and 15)', () => {
  it.each([1, 2] as const)('of version %i keeps every row, and its half sent recording goes on at the same byte', async (version) => {
    const sound = soundOf(3 * PIECE_BYTES + 5);
    const old = await oldPhone(name, version, sound, PIECE_BYTES);
    const id = old.recordingId;
    server.held.set('consent', { kind: 'consent', sha256: 'as sent before', bytes: 1 });
    const bytes = Buffer.from(sound.slice(0, PIECE_BYTES));
    const sha256 = (await oldEntry(name, id)).sha256;
    server.staged.set(id, { bytes, total: sound.byteLength, sha256, kind: 'recording' });

    const database = newApp();
    await recoverRecordings(database, new Browser().tab());
    expect((await allStandings(database)).length).toBe(4);
    await engine(database).wake();
    expect(server.requests.filter((line) => /^(PUT|POST|PATCH)/.test(line) && !line.includes('/devices/'))).toEqual([]);

    await database.vault.setUp(PIN);
    await sealOldRows(database);
    const kept = await everythingKept(database);
    expect(kept.stories).toMatchObject([{ id: old.storyId, pseudonym: 'Rose', receiptCode: 'A'.repeat(26) }]);
    expect(kept.consents).toMatchObject([{ id: 'consent', answers: { record: true } }]);
    expect(kept.quotes).toMatchObject([{ text: SAID }]);
    expect(kept.recordings).toMatchObject([{ id, state: 'queued' }]);
    expect(kept.segments).toMatchObject([{ id, recordingId: id, durationMs: 3_000, chunks: 3 }]);
    const waiting = (await allEntries(database)).find((entry) => entry.id === id)!;
    expect(await fileFacts(database, waiting)).toMatchObject({
      kind: 'recording', type: 'audio/webm;codecs=opus', duration_ms: '3000', started_at: '2026-11-21T10:00:00.000+00:00',
    });

    await engine(database).wake();
    const left = await allEntries(database);
    expect(left.map(({ state }) => state)).toEqual(left.map(() => 'stored'));
    expect(server.count('PATCH', `/api/v1/uploads/${id}`)).toBe(3);
    expect(server.held.get(id)?.sha256).toBe(sha256);
    const quote = left.find((entry) => entry.id === 'quote');
    expect(quote?.body).toBe(old.bodies.quote);
    expect(server.held.get('quote')?.sha256).toBe(quote?.sha256);
  });

  it('finds the sound that an earlier app was cut off in, and sends it as that app would have', async () => {
    const sound = soundOf(2_500);
    const old = await oldPhone(name, 2, sound, 0);
    await cutOff(name, old.recordingId);
    server.held.set('consent', { kind: 'consent', sha256: 'as sent before', bytes: 1 });
    const database = newApp();
    expect(await recoverRecordings(database, new Browser().tab(), Date.parse(old.toldAt))).toEqual([]);
    await database.vault.setUp(PIN);
    await sealOldRows(database);
    await queueEverything(database);
    await engine(database).wake();
    const sent = (await allEntries(database)).find((entry) => entry.id === old.recordingId);
    expect(sent).toMatchObject({ kind: 'recording', state: 'stored', bytes: 2_500 });
    expect(server.held.get(old.recordingId)?.sha256).toBe(await sha256(sound));
  });

  it('keeps nothing in the open once there is a PIN', async () => {
    await oldPhone(name, 2, soundOf(300), 0);
    const database = newApp();
    await database.vault.setUp(PIN);
    await sealOldRows(database);
    const rows = await database.read(['stories', 'quotes', 'outbox', 'consents'], (tx) =>
      Promise.all([...tx.objectStoreNames].map((store) => tx.objectStore(store).getAll())),
    );
    expect(JSON.stringify(rows)).not.toMatch(/Rose|so cold|Leeds|AAAA/);
  });
});

describe('two tabs, one with a newer app (fault 15)', () => {
  it('says to close the old one, and goes on by itself when that is done', async () => {
    await oldPhone(name, 2, soundOf(300), 0);
    const old = await openDB(name, 2);
    const database = newApp();
    const reading = keptPerson(database);
    await eventually(() => expect(database.trouble.get()).toBe('close_other_tabs'));
    old.close();
    expect(await reading).toMatchObject({ name: 'Amina' });
    expect(database.trouble.get()).toBeNull();
  });

  it('never takes the database from a recording or from what is being sent (fault 14)', async () => {
    const database = newApp();
    await keepPerson(database, amina);
    database.hold('recording', true);
    database.hold('sending', true);
    let blocked = false;
    const newer = openDB(name, VERSION + 1, { blocked: () => void (blocked = true) });
    await eventually(() => expect(blocked).toBe(true));
    await keepPerson(database, { ...amina, name: 'Bo' });
    database.hold('sending', false);
    expect((await keptPerson(database))?.name).toBe('Bo');
    database.hold('recording', false);
    const opened = await newer;
    expect((await opened.getAll('people'))[0]).toMatchObject({ name: 'Bo' });
    opened.close();
    await expect(keptPerson(database)).rejects.toThrow();
    expect(database.trouble.get()).toBe('newer_app_open');
  });
});

async function oldEntry(database: string, id: string): Promise<{ sha256: string }> {
  const db = await openDB(database);
  const entry = (await db.get('outbox', id)) as { sha256: string };
  db.close();
  return entry;
}

/** As an earlier app left it when its phone went dead in the middle of a recording. */
async function cutOff(database: string, recordingId: string): Promise<void> {
  const db = await openDB(database);
  await db.put('recordings', { ...(await db.get('recordings', recordingId)), state: 'open', ended: null });
  await db.delete('outbox', recordingId);
  db.close();
}
