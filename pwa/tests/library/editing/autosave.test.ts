import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Autosave, REST_MS, type Outcome, type Standing } from '../../../library/editing/autosave';
import { Drafts, dropOthers } from '../../../library/editing/drafts';
import type { Change, Corrected } from '../../../library/editing/segment';

class Kept implements Storage {
  private readonly all = new Map<string, string>();
  get length(): number {
    return this.all.size;
  }
  key(number: number): string | null {
    return [...this.all.keys()][number] ?? null;
  }
  getItem(key: string): string | null {
    return this.all.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.all.set(key, value);
  }
  removeItem(key: string): void {
    this.all.delete(key);
  }
  clear(): void {
    this.all.clear();
  }
}

const saved = (id: number, text: string): Outcome => {
  const segment = { id, start_ms: 0, end_ms: 1, text, words: [], language: '', speaker: null };
  const answer: Corrected = { version: 1, segments: [segment], gone: [], may_undo: true, may_redo: false, heard: [],
    flagged: [] };
  return { kind: 'saved', answer };
};
const offline: Outcome = { kind: 'away', why: 'offline' };

/** A server that holds texts, and a tab in front of it. */
function desk(texts: Record<number, string>, kept = new Kept()) {
  const sent: Change[] = [];
  const told: Standing[] = [];
  const stopped: Outcome[] = [];
  const line = { down: false };
  const send = async (change: Change): Promise<Outcome> => {
    sent.push(change);
    await new Promise((done) => setTimeout(done, 100));
    if (line.down) return offline;
    if (change.kind !== 'words') return saved(1, texts[1] ?? '');
    if (texts[change.segment] === undefined) return { kind: 'gone' };
    if (texts[change.segment] !== change.was) return { kind: 'conflict', now: texts[change.segment] as string };
    texts[change.segment] = change.text;
    return saved(change.segment, change.text);
  };
  const drafts = new Drafts(kept, 'transcript', 'mo');
  const autosave = new Autosave(drafts, send, {
    standing: (standing) => told.push(standing),
    saved: () => undefined,
    stopped: (_segment, _draft, outcome) => stopped.push(outcome),
  });
  return { autosave, drafts, kept, line, sent, stopped, texts, told };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('what is typed', () => {
  it('is sent once typing rests, as one change', async () => {
    const { autosave, sent, texts } = desk({ 1: 'We wated' });
    for (const text of ['We waite', 'We waited']) {
      autosave.typed(1, 'We wated', text);
      await pass(REST_MS - 1);
    }
    expect(sent).toEqual([]);
    await pass(200);
    expect(sent).toEqual([{ kind: 'words', segment: 1, was: 'We wated', text: 'We waited' }]);
    expect(texts[1]).toBe('We waited');
    expect(autosave.standing).toBe('saved');
  });
  it('is not sent where it says the same again', async () => {
    const { autosave, sent } = desk({ 1: 'We' });
    autosave.typed(1, 'We', 'Weh');
    autosave.typed(1, 'We', 'We ');
    await pass(5000);
    expect([sent, autosave.standing]).toEqual([[], 'saved']);
  });
  it('is in the tab until the server has it', async () => {
    const { autosave, kept } = desk({ 1: 'We' });
    autosave.typed(1, 'We', 'Us');
    expect(new Drafts(kept, 'transcript', 'mo').get(1)).toEqual({ was: 'We', text: 'Us' });
    expect(autosave.standing).toBe('saving');
    await pass(REST_MS + 200);
    expect(kept.length).toBe(0);
  });
  it('while it is sent, goes on from what was saved', async () => {
    const { autosave, sent, texts } = desk({ 1: 'a' });
    autosave.typed(1, 'a', 'ab');
    await pass(REST_MS + 50);
    autosave.typed(1, 'a', 'abc');
    await pass(3000);
    expect(sent.map((change) => 'was' in change && change.was)).toEqual(['a', 'ab']);
    expect([texts[1], autosave.standing]).toEqual(['abc', 'saved']);
  });
  it('goes in the order it was written, one after another', async () => {
    const { autosave, sent } = desk({ 1: 'a', 2: 'b' });
    autosave.typed(1, 'a', 'A');
    autosave.typed(2, 'b', 'B');
    const done = autosave.act({ kind: 'undo', version: 2 });
    await pass(1000);
    expect((await done).kind).toBe('saved');
    expect(sent.map(({ kind }) => kind)).toEqual(['words', 'words', 'undo']);
  });
});

describe('a passage without words', () => {
  it('stays until it is left, since somebody may be about to write it anew', async () => {
    const { autosave, sent } = desk({ 1: 'a' });
    autosave.typed(1, 'a', ' ');
    void autosave.save(1);
    await pass(60_000);
    autosave.leave();
    expect([sent, autosave.standing, autosave.atRisk]).toEqual([[], 'empty', false]);
    autosave.leaves(1);
    await pass(200);
    expect(sent).toEqual([{ kind: 'words', segment: 1, was: 'a', text: '' }]);
    expect(autosave.standing).toBe('saved');
  });
  it('is written anew like any other', async () => {
    const { autosave, texts } = desk({ 1: 'a' });
    autosave.typed(1, 'a', '');
    autosave.typed(1, 'a', 'b');
    await pass(2000);
    expect(texts[1]).toBe('b');
  });
});

describe('without a connection', () => {
  it('words are kept, it is said, and they are sent when it is back', async () => {
    const { autosave, line, sent, texts } = desk({ 1: 'a' });
    line.down = true;
    autosave.typed(1, 'a', 'b');
    await pass(60_000);
    expect([autosave.standing, autosave.atRisk]).toEqual(['offline', true]);
    const tries = sent.length;
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThan(10);
    line.down = false;
    autosave.tryNow();
    await pass(200);
    expect([texts[1], autosave.standing, autosave.atRisk]).toEqual(['b', 'saved', false]);
    await pass(60_000);
    expect(sent.length).toBe(tries + 1);
  });
  it('nothing else is done before the words are saved', async () => {
    const { autosave, line, sent } = desk({ 1: 'a' });
    line.down = true;
    autosave.typed(1, 'a', 'b');
    const done = autosave.act({ kind: 'undo', version: 2 });
    await pass(500);
    expect(await done).toEqual(offline);
    expect(sent.map(({ kind }) => kind)).toEqual(['words']);
  });
});

describe('when somebody else was faster', () => {
  it('it waits for a choice, and is sent from what is there', async () => {
    const { autosave, sent, stopped, texts } = desk({ 1: 'theirs' });
    autosave.typed(1, 'a', 'mine');
    await pass(60_000);
    expect([stopped, sent.length, autosave.standing]).toEqual([[{ kind: 'conflict', now: 'theirs' }], 1, 'waiting']);
    autosave.insist(1, 'theirs');
    await pass(200);
    expect([texts[1], autosave.standing]).toEqual(['mine', 'saved']);
  });
  it('theirs may stay', async () => {
    const { autosave, drafts } = desk({ 1: 'theirs' });
    autosave.typed(1, 'a', 'mine');
    await pass(2000);
    autosave.giveUp(1);
    expect([drafts.ids, autosave.standing]).toEqual([[], 'saved']);
  });
  it('there is no choice where both wrote the same', async () => {
    const { autosave, stopped } = desk({ 1: 'b' });
    autosave.typed(1, 'a', 'b ');
    await pass(2000);
    expect([stopped, autosave.standing]).toEqual([[], 'saved']);
  });
  it('words of a passage that is gone are kept for their writer', async () => {
    const { autosave, drafts, stopped } = desk({});
    autosave.typed(7, 'a', 'b');
    await pass(2000);
    expect([stopped, drafts.ids]).toEqual([[{ kind: 'gone' }], [7]]);
  });
});

describe('a tab', () => {
  it('sends what is left when its page goes, without waiting', () => {
    const { autosave, sent } = desk({ 1: 'a' });
    autosave.typed(1, 'a', 'b');
    autosave.leave();
    expect(sent.length).toBe(1);
  });
  it('holds nothing of a person who used it before', () => {
    const kept = new Kept();
    new Drafts(kept, 'transcript', 'ada').put(1, { was: 'a', text: 'b' });
    expect(new Drafts(kept, 'transcript', 'mo').ids).toEqual([]);
    dropOthers(kept, 'mo');
    expect(kept.length).toBe(0);
  });
  it('that keeps nothing still sends', async () => {
    const kept = new Kept();
    kept.setItem = () => {
      throw new DOMException('', 'QuotaExceededError');
    };
    const { autosave, texts } = desk({ 1: 'a' }, kept);
    autosave.typed(1, 'a', 'b');
    await pass(2000);
    expect(texts[1]).toBe('b');
  });
});
