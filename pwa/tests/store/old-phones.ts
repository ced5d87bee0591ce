import { openDB, type IDBPDatabase } from 'idb';
import { createHash } from 'node:crypto';

/** What apps of versions 1 and 2 kept: everything in the open, and a recording as one file. */
const FIRST_STORES = ['people', 'projects', 'stories'];
const WITH_STORY = ['consents', 'quotes', 'photos', 'recordings', 'outbox'];
export const SAID = 'It was cold – “so cold”';

const hash = (bytes: string | ArrayBuffer): string =>
  createHash('sha256').update(typeof bytes === 'string' ? bytes : new Uint8Array(bytes)).digest('hex');

export interface OldPhone {
  storyId: string;
  recordingId: string;
  sound: ArrayBuffer;
  toldAt: string;
  bodies: Record<'consent' | 'story' | 'quote', string>;
}

/** Writes a database as that version left it: one story, of whose recording `sentBytes` have been sent. */
export async function oldPhone(name: string, version: 1 | 2, sound: ArrayBuffer, sentBytes: number): Promise<OldPhone> {
  const db = await openDB(name, version, { upgrade: (opened) => stores(opened, version) });
  const [storyId, recordingId] = ['01a1ffdd-dbda-7e81-99fc-92c6c5f21f68', '01a1ffdd-dbda-7e81-99fc-92c6c5f21f70'];
  const toldAt = '2026-11-21T10:00:00.000+00:00';
  const bodies = {
    consent: JSON.stringify({ id: 'consent', story_id: storyId, answers: { record: true } }),
    story: JSON.stringify({ id: storyId, pseudonym: 'Rose' }),
    quote: JSON.stringify({ id: 'quote', story_id: storyId, text: SAID }),
  };
  await db.put('people', { id: 'person', name: 'Amina', seenAt: 'now' });
  await db.put('projects', { id: 'project', name: 'Carers', introduction: '', isDemo: false, wording: null, prompts: [], places: [] });
  await db.put('stories', {
    id: storyId, projectId: 'project', personId: 'person', conversationId: 'c', pseudonym: 'Rose', place: 'Leeds', toldAt,
    receiptCode: 'A'.repeat(26),
  });
  const answers = { record: true, transcribe: true, commissioners: true, board: true, publication: true, photos: true };
  await db.put('consents', { id: 'consent', projectId: 'project', storyId, wordingId: 'w', answers, how: 'spoken', forWhom: 'self', givenAt: toldAt });
  await db.put('quotes', { id: 'quote', storyId, text: SAID, writtenAt: toldAt, position: 1 });
  await db.put('recordings', {
    id: recordingId, storyId, state: 'sealed', ended: 'stopped', type: 'audio/webm;codecs=opus', startedAt: toldAt,
    durationMs: 3_000, size: sound.byteLength, chunks: 3, position: 2, released: false,
  });
  const third = Math.ceil(sound.byteLength / 3);
  for (let number = 0; number < 3; number += 1) {
    const bytes = sound.slice(number * third, (number + 1) * third);
    await db.put('chunks', { partId: recordingId, number, bytes, size: bytes.byteLength, untilMs: (number + 1) * 1_000 });
  }
  const entry = { storyId, personId: 'person', attempts: 0, nextTryAt: 0, code: null, message: null, notices: [], createdAt: toldAt };
  const receipt = { id: 'consent', kind: 'consent', sha256: hash(bodies.consent), bytes: 1, receivedAt: toldAt, notices: [] };
  const words = (id: string, kind: 'consent' | 'story' | 'quote', state: string) =>
    db.put('outbox', { ...entry, id, kind, position: 0, sha256: hash(bodies[kind]), bytes: bodies[kind].length, body: bodies[kind],
      state, sentBytes: 0, receipt: kind === 'consent' ? receipt : null });
  await words('consent', 'consent', 'stored');
  await words(storyId, 'story', 'waiting');
  await words('quote', 'quote', 'waiting');
  await db.put('outbox', { ...entry, id: recordingId, kind: 'recording', position: 2, sha256: hash(sound), bytes: sound.byteLength,
    body: null, state: 'sending', attempts: 1, sentBytes, receipt: null });
  db.close();
  return { storyId, recordingId, sound, toldAt, bodies };
}

function stores(db: IDBPDatabase, version: 1 | 2): void {
  for (const name of FIRST_STORES) db.createObjectStore(name, { keyPath: 'id' });
  for (const name of WITH_STORY) {
    const store = db.createObjectStore(name, { keyPath: 'id' });
    store.createIndex('storyId', 'storyId');
    if (name === 'recordings') store.createIndex('state', 'state');
  }
  db.createObjectStore('chunks', { keyPath: ['partId', 'number'] });
  if (version === 2) db.createObjectStore('sync', { keyPath: 'id' });
}
