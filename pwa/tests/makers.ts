import type { ConsentRecord } from '../collect/domain/consent';
import { uuidv7 } from '../collect/domain/ids';
import type { Story } from '../collect/domain/story';
import { Database } from '../collect/store/database';
import type { TabLocks } from '../collect/store/locks';
import { openRecording, saveSound, sealRecording } from '../collect/store/recordings';
import { saveStory } from '../collect/store/stories';

/** So weak that a test need not wait for it. */
export const CHEAP = { memoryKiB: 8, passes: 1 };
export const PIN = '274951';

/** A database of its own for each test, unlocked. */
export async function newDatabase(): Promise<Database> {
  const database = new Database(`earshot-test-${uuidv7()}`, CHEAP);
  await database.vault.setUp(PIN);
  return database;
}

export async function keptStory(database: Database, personId = 'person'): Promise<Story> {
  const story: Story = {
    id: uuidv7(),
    projectId: 'project',
    personId,
    conversationId: uuidv7(),
    pseudonym: 'Rose',
    place: 'Leeds',
    toldAt: '2026-11-21T10:00:00.000+00:00',
    receiptCode: 'A'.repeat(26),
  };
  const consent: ConsentRecord = {
    id: uuidv7(),
    projectId: 'project',
    storyId: story.id,
    wordingId: 'wording',
    answers: { record: true, transcribe: true, commissioners: true, board: true, publication: true, photos: true },
    how: 'spoken',
    forWhom: 'self',
    givenAt: story.toldAt,
  };
  await saveStory(database, story, consent);
  return story;
}

export const soundOf = (length: number, seed = 1): ArrayBuffer =>
  Uint8Array.from({ length }, (_, place) => (place * 31 + seed) % 251).buffer;

/** A recording as it is while sound still comes in. */
export async function halfMadeRecording(database: Database, storyId: string, pieces: ArrayBuffer[]): Promise<string> {
  const id = uuidv7();
  const type = 'audio/webm;codecs=opus';
  await openRecording(database, { id, storyId, type, startedAt: '2026-11-21T10:00:00.000+00:00' });
  let next = 0;
  for (const [place, piece] of pieces.entries())
    next = await saveSound(database, id, next, piece, (place + 1) * 1_000);
  return id;
}

export async function sealedRecording(database: Database, storyId: string, bytes: ArrayBuffer): Promise<string> {
  const id = await halfMadeRecording(database, storyId, [bytes]);
  await sealRecording(database, id, 'stopped');
  return id;
}

/** The locks of one browser; `tab()` is one of its tabs, which all share them. */
export class Browser {
  readonly held = new Set<string>();

  tab(): TabLocks {
    return {
      take: (name) => {
        if (this.held.has(name)) return Promise.resolve(null);
        this.held.add(name);
        return Promise.resolve(() => void this.held.delete(name));
      },
      anyHeld: (prefix) => Promise.resolve([...this.held].some((name) => name.startsWith(prefix))),
    };
  }
}
