import { expect, it } from 'vitest';
import { StoryRecorder } from '../../collect/capture/recorder';
import { recoverRecordings } from '../../collect/capture/recovery';
import { isLive } from '../../collect/domain/recorder';
import { sha256 } from '../../collect/store/bytes';
import type { Database } from '../../collect/store/database';
import { queueEverything, queueRecording } from '../../collect/store/queueing';
import { endRecording, openRecordings } from '../../collect/store/recordings';
import { allEntries } from '../entries';
import { PIN, keptStory, newDatabase } from '../makers';
import { generator, seed } from '../random';
import { FakePhone } from './fakes';

interface SentSegment {
  id: string;
  number: number;
  bytes: number;
  sha256: string;
  offset_ms: number;
  duration_ms: number;
}

/** Everything that a phone does in some minutes, at random. Each piece is a number; gives those whose saving was acknowledged. */
async function oneDay(database: Database, storyId: string, random: () => number, steps: number): Promise<number[]> {
  const phone = new FakePhone();
  const said: number[] = [];
  let pieces = 0;
  let unsaid: number[] = [];
  /** Pieces are saved in order, so each time that more is on disk the oldest that was not acknowledged is. */
  const newRecorder = (continues: string | null = null): StoryRecorder => {
    const made = new StoryRecorder(storyId, phone.parts(database), continues);
    const mine: number[] = (unsaid = []);
    let most = 0;
    made.view.subscribe(({ savedMs }) => {
      if (savedMs > most && mine.length > 0) said.push(mine.shift()!);
      most = Math.max(most, savedMs);
    });
    return made;
  };
  let recorder = newRecorder();
  const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 3));
  for (let step = 0; step < steps; step += 1) {
    const roll = random();
    const { state } = recorder.view.get();
    const sound = phone.microphone.sound;
    if (roll < 0.45 && state === 'recording') {
      phone.ticks(10);
      pieces += 1;
      unsaid.push(pieces);
      sound!.events!.onChunk(new Blob([Uint32Array.of(pieces)]));
    } else if (roll < 0.65) void recorder.start();
    else if (roll < 0.7) recorder.pause();
    else if (roll < 0.78) recorder.resume();
    else if (roll < 0.84 && isLive(state)) sound?.events?.onLost('microphone_lost');
    else if (roll < 0.88) phone.sleep(random() * 60_000);
    else if (roll < 0.91) await recorder.stop();
    else if (roll < 0.94) await recorder.mark(null);
    else if (roll < 0.97) {
      // What is already running cannot be killed here, so it comes to its end first. Then the app opens again, locked or not.
      do await settle();
      while (['arming', 'stopping'].includes(recorder.view.get().state));
      phone.crash();
      if (random() < 0.5) database.vault.lock();
      const [found] = (await recoverRecordings(database, phone.browser.tab()))!;
      await queueEverything(database);
      const goesOn = found !== undefined && found.savedMs > 0 && random() < 0.5;
      if (found && !goesOn) await endRecording(database, found.recordingId);
      recorder = newRecorder(goesOn ? found.recordingId : null);
    } else if (!isLive(state)) recorder = newRecorder();
    await settle();
  }
  await recorder.stop();
  return said;
}

it(`whatever happens, every piece that was acknowledged is in exactly one segment of a manifest (SEED=${seed})`, async () => {
  let acknowledged = 0;
  for (let day = 0; day < 6; day += 1) {
    const database = await newDatabase();
    const story = await keptStory(database);
    const said = await oneDay(database, story.id, generator(seed + day), 90);
    if (!database.vault.isOpen) await database.vault.unlock(PIN);
    for (const { id } of await openRecordings(database)) {
      await endRecording(database, id);
      await queueRecording(database, id);
    }
    await queueEverything(database);

    const entries = await allEntries(database);
    const manifests = entries.filter(({ kind }) => kind === 'manifest').map(({ body }) => JSON.parse(body!) as { segments: SentSegment[] });
    const sent = manifests.flatMap(({ segments }) => segments);
    const files = new Map(entries.filter(({ kind }) => kind === 'segment').map((entry) => [entry.id, entry]));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
    expect([...files.keys()].sort()).toEqual(sent.map(({ id }) => id).sort());
    const kept: number[] = [];
    for (const { segments } of manifests) {
      expect(segments.map(({ number }) => number)).toEqual(segments.map((_, place) => place));
      for (const [place, segment] of segments.entries()) {
        const before = segments[place - 1];
        if (before) expect(segment.offset_ms).toBeGreaterThanOrEqual(before.offset_ms + before.duration_ms);
      }
    }
    for (const segment of sent.sort((a, b) => a.id.localeCompare(b.id))) {
      const rows = await database.read(['chunks'], (tx) => tx.objectStore('chunks').getAll(IDBKeyRange.bound([segment.id, 0], [segment.id, 1e9])));
      const pieces = await Promise.all(rows.map((row) => database.vault.openBytes(`chunks/${segment.id}/${row.number}`, row)));
      const whole = await new Blob(pieces).arrayBuffer();
      expect([whole.byteLength, await sha256(whole)]).toEqual([segment.bytes, segment.sha256]);
      expect(files.get(segment.id)?.sha256).toBe(segment.sha256);
      kept.push(...new Uint32Array(whole));
    }
    expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
    acknowledged += said.length;
    for (const piece of said) expect(kept).toContain(piece);
    database.close();
  }
  expect(acknowledged).toBeGreaterThan(0);
});
