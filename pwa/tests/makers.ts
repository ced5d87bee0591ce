import type { ConsentRecord } from '../collect/domain/consent';
import { uuidv7 } from '../collect/domain/ids';
import type { Agreement, Participant } from '../collect/domain/participant';
import type { Story } from '../collect/domain/story';
import { Database } from '../collect/store/database';
import type { TabLocks } from '../collect/store/locks';
import { queueRecording } from '../collect/store/queueing';
import { endRecording } from '../collect/store/recordings';
import { openSegment, saveSound, sealSegment, type NewSegment } from '../collect/store/segments';
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

export async function keptStory(database: Database, personId = 'person', participants?: Participant[]): Promise<Story> {
  const story: Story = {
    id: uuidv7(),
    projectId: 'project',
    personId,
    conversationId: uuidv7(),
    pseudonym: 'Rose',
    place: 'Leeds',
    toldAt: '2026-11-21T10:00:00.000+00:00',
    receiptCode: participants?.[0]!.receiptCode ?? 'A'.repeat(26),
    ...(participants && { participants }),
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
  await saveStory(database, story, [{ consent, file: null }]);
  return story;
}

/** What one person agrees to: everything, by tapping, in English. */
export function agreementBy(pseudonym: string, change: Partial<Agreement> = {}): Agreement {
  return {
    participantId: uuidv7(),
    pseudonym,
    text: { language: 'en', reading: 'full', title: 'Before we start', introduction: '', uses: [] },
    answers: { record: true, transcribe: true, commissioners: true, board: true, publication: true, photos: true },
    how: 'ticked',
    forWhom: 'self',
    agreedBy: '',
    interpreter: '',
    witness: '',
    evidence: null,
    ...change,
  };
}

export const soundOf = (length: number, seed = 1): ArrayBuffer =>
  Uint8Array.from({ length }, (_, place) => (place * 31 + seed) % 251).buffer;

export interface Made {
  recordingId: string;
  segmentId: string;
}

/** A segment as it is while sound still comes in, of a recording of its own or of one that goes on. */
export async function halfMadeSegment(
  database: Database,
  storyId: string,
  pieces: ArrayBuffer[],
  place: Partial<NewSegment> = {},
): Promise<Made> {
  const [recordingId, segmentId] = [place.recordingId ?? uuidv7(), uuidv7()];
  const startedAt = '2026-11-21T10:00:00.000+00:00';
  const type = 'audio/webm;codecs=opus';
  await openSegment(database, { type, startedAt, offsetMs: 0, storyId, ...place, id: segmentId, recordingId });
  let next = 0;
  for (const [at, piece] of pieces.entries())
    next = await saveSound(database, segmentId, next, piece, (at + 1) * 1_000);
  return { recordingId, segmentId };
}

/** A recording of one segment that has ended and waits in the outbox. */
export async function queuedRecording(database: Database, storyId: string, bytes: ArrayBuffer): Promise<Made> {
  const made = await halfMadeSegment(database, storyId, [bytes]);
  await sealSegment(database, made.segmentId, 'stopped', null);
  await endRecording(database, made.recordingId);
  await queueRecording(database, made.recordingId);
  return made;
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

/** A JPEG in shape: segments by their markers, then the scan. */
export function jpegOf(pixels: string, beside: readonly (readonly [number, string])[] = []): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const segment = (marker: number, content: Uint8Array): number[] => {
    const length = content.length + 2;
    return [0xff, marker, length >> 8, length & 255, ...content];
  };
  const segments = beside.flatMap(([marker, content]) => segment(marker, text.encode(content)));
  return Uint8Array.from([0xff, 0xd8, ...segment(0xe0, text.encode('JFIF')), ...segments,
    ...segment(0xdb, text.encode('tables')), ...segment(0xda, text.encode('scan')), ...text.encode(pixels), 0xff, 0xd9]);
}
