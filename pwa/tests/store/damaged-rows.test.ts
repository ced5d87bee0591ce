import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingDesk } from '../../collect/app/recordings';
import { USES, mayCapture, noAnswers, type Answers, type ConsentRecord } from '../../collect/domain/consent';
import { uuidv7 } from '../../collect/domain/ids';
import type { Marker } from '../../collect/domain/marker';
import type { StoryView } from '../../collect/domain/story';
import { storyViews } from '../../collect/domain/story-views';
import type { Database } from '../../collect/store/database';
import { entriesToSave } from '../../collect/store/items';
import { keepMarker } from '../../collect/store/markers';
import { openEntry } from '../../collect/store/outbox';
import { queueEverything } from '../../collect/store/queueing';
import { endRecording, recordingById } from '../../collect/store/recordings';
import { sealSegment } from '../../collect/store/segments';
import { everythingKept, saveStory } from '../../collect/store/stories';
import { FakePhone } from '../capture/fakes';
import { damage } from '../damage';
import { PIN, halfMadeSegment, keptStory, newDatabase, soundOf } from '../makers';

let database: Database;
let storyId: string;

beforeEach(async () => {
  database = await newDatabase();
  storyId = (await keptStory(database)).id;
});
afterEach(() => database.close());

/** A recording that has ended, with a segment for each length in seconds and a mark at each of these milliseconds. */
async function ended(seconds: number[], marks: number[]): Promise<{ recordingId: string; segments: string[] }> {
  const segments: string[] = [];
  let recordingId: string | undefined;
  for (const [number, length] of seconds.entries()) {
    const pieces = Array.from({ length }, (_, place) => soundOf(20, number + place));
    const made = await halfMadeSegment(database, storyId, pieces, recordingId ? { recordingId } : {});
    recordingId = made.recordingId;
    segments.push(made.segmentId);
    await sealSegment(database, made.segmentId, 'stopped', null);
  }
  for (const atMs of marks) await keepMarker(database, mark(recordingId!, atMs));
  await endRecording(database, recordingId!);
  return { recordingId: recordingId!, segments };
}

const nobodyRecords = async (id: string): Promise<void> => void (await endRecording(database, id));

const mark = (recordingId: string, atMs: number): Marker => ({
  id: `mark-${atMs}`, recordingId, storyId, atMs, promptId: null, themeId: null,
});

interface Sent {
  segments: { id: string; number: number }[];
  markers: { id: string; at_ms: number }[];
}
const manifest = async (id: string): Promise<Sent> => JSON.parse((await openEntry(database, id))!.body!) as Sent;
const places = ({ markers }: Sent): [string, number][] => markers.map(({ id, at_ms }) => [id, at_ms]);

describe('a damaged mark (fault 30)', () => {
  it('is left out of the manifest, which is made all the same, and is counted for the researcher', async () => {
    const { recordingId } = await ended([3], [500, 1_500, 2_500]);
    await damage(database, 'markers', 'mark-1500', PIN);
    await queueEverything(database);
    expect(places(await manifest(recordingId))).toEqual([['mark-500', 500], ['mark-2500', 2_500]]);
    expect(await recordingById(database, recordingId)).toMatchObject({ state: 'queued', lostMarks: 1 });
  });

  it('does not keep its recording out of a file', async () => {
    const { recordingId } = await ended([3], [500]);
    await damage(database, 'markers', 'mark-500', PIN);
    const { entries } = await entriesToSave(database, storyId, recordingId, nobodyRecords);
    expect(entries.map(({ kind }) => kind)).toEqual(['consent', 'story', 'manifest', 'segment']);
  });

  it('is told from one that is only locked: its manifest waits for the PIN', async () => {
    const { recordingId } = await ended([3], [500]);
    database.vault.lock();
    await queueEverything(database);
    expect(await recordingById(database, recordingId)).toMatchObject({ state: 'sealed' });
    await database.vault.unlock(PIN);
    await queueEverything(database);
    expect(places(await manifest(recordingId))).toEqual([['mark-500', 500]]);
  });
});

it('a damaged segment takes its length off each mark after it, and of none before (fault 30)', async () => {
  const { recordingId, segments } = await ended([2, 3, 4], [1_000, 3_500, 6_000, 8_900]);
  await database.write(['chunks'], (tx) => tx.objectStore('chunks').delete([segments[1]!, 1]));
  await queueEverything(database);
  const sent = await manifest(recordingId);
  expect(sent.segments.map(({ id }) => id)).toEqual([segments[0], segments[2]]);
  expect(places(sent).map(([, at]) => at)).toEqual([1_000, 2_000, 3_000, 5_900]);
});

describe('the answers of one of a group, damaged (fault 30)', () => {
  const yes = Object.fromEntries(USES.map((use) => [use, true])) as Answers;
  const shown = async (id: string): Promise<StoryView> =>
    storyViews(await everythingKept(database), []).find((one) => one.id === id)!;

  async function groupOf(...all: Answers[]): Promise<{ id: string; consents: string[] }> {
    const participants = all.map((_, at) => ({
      id: uuidv7(), pseudonym: `Rose ${at}`, receiptCode: `${at}`.repeat(26),
    }));
    const story = {
      id: uuidv7(), projectId: 'project', personId: 'person', conversationId: uuidv7(), pseudonym: 'The Roses',
      place: '', toldAt: '2026-11-21T10:00:00.000+00:00', receiptCode: participants[0]!.receiptCode, participants,
    };
    const consents = all.map((answers, at): ConsentRecord => ({
      id: uuidv7(), projectId: 'project', storyId: story.id, wordingId: 'wording', answers, how: 'ticked',
      forWhom: 'self', givenAt: story.toldAt, participantId: participants[at]!.id,
    }));
    await saveStory(database, story, consents.map((consent) => ({ consent, file: null })));
    return { id: story.id, consents: consents.map(({ id }) => id) };
  }

  it('count as a no to everything: nothing is recorded, and the story says why', async () => {
    const { id, consents } = await groupOf(yes, { ...yes, record: false });
    expect((await shown(id)).may).toEqual({ recording: false, photos: true, quotes: true, anything: true });
    await damage(database, 'consents', consents[1]!, PIN);
    const story = await shown(id);
    expect(story).toMatchObject({ together: { answers: noAnswers() }, answersDamaged: true, problem: { code: 'damaged_on_phone' } });
    expect(story.may).toEqual(mayCapture(noAnswers()));
    const desk = new RecordingDesk(new FakePhone().parts(database), () => undefined);
    expect(() => desk.newRecorder(story)).toThrow('use_refused');
  });

  it('of which all can be read hold nothing up', async () => {
    const { id } = await groupOf(yes, yes, yes);
    expect(await shown(id)).toMatchObject({ answersDamaged: false, problem: null, may: { recording: true } });
  });
});
