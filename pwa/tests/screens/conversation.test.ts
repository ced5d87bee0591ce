import { beforeEach, describe, expect, it } from 'vitest';
import { conversation } from '../../collect/screens/conversation.svelte';
import { sealOldDrafts } from '../../collect/screens/old-drafts';
import { Refusal } from '../../collect/domain/codes';
import type { EvidenceFile } from '../../collect/domain/consent';
import { eventually } from '../eventually';
import { phone, project } from './conversation-phone';

const evidence: EvidenceFile = { id: 'signature', kind: 'signature', type: 'image/png', madeAt: 'now', sha256: '', size: 1 };
const shown = (): string[] => conversation.unfinished.map(({ people }) => people[0]?.pseudonym ?? '');

function beginWith(pseudonym: string): void {
  expect(conversation.begin(project)).toBe(true);
  conversation.setPerson({ pseudonym });
}

describe('a conversation before its consent is confirmed', () => {
  beforeEach(() => {
    conversation.openWith(phone().app)();
    for (const one of conversation.unfinished) conversation.drop(one);
    conversation.end();
  });

  it('is kept at every answer, and forgotten once it has ended', () => {
    const { app, kept } = phone();
    const stop = conversation.openWith(app);
    beginWith('Maya');
    conversation.answer('record', true);
    expect([...kept.values()]).toMatchObject([{ people: [{ pseudonym: 'Maya', answers: { record: true } }] }]);
    conversation.end();
    expect([...kept]).toEqual([]);
    stop();
  });

  it('leaves memory when the phone is locked, and is back when it is unlocked', async () => {
    const { app, turn } = phone();
    const stop = conversation.openWith(app);
    beginWith('Maya');
    turn('locked');
    expect(conversation.current).toBeNull();
    await eventually(() => expect(conversation.phase).toBe('locked'));
    turn('open');
    await eventually(() => expect(conversation.person?.pseudonym).toBe('Maya'));
    stop();
  });

  it('that nobody was named in is still on its page after unlocking, and somebody else’s does not come in its place', async () => {
    const { app, turn, names } = phone();
    const stop = conversation.openWith(app);
    beginWith('Rosa');
    turn('locked');
    conversation.begin(project);
    conversation.set({ isGroup: false });
    turn('locked');
    turn('open');
    await eventually(() => expect(conversation.current?.isGroup).toBe(false));
    conversation.setPerson({ pseudonym: 'Noor' });
    expect(names()).toEqual(['Rosa', 'Noor']);
    expect(shown()).toEqual(['Noor', 'Rosa']);
    stop();
  });

  it('is never opened unasked where another was, even when it is the only one', async () => {
    const { app, kept, turn } = phone();
    kept.set('conversation:rosa', { people: [{ pseudonym: 'Rosa' }], projectId: 'project' });
    const stop = conversation.openWith(app);
    await eventually(() => expect(shown()).toEqual(['Rosa']));
    turn('locked');
    turn('open');
    await eventually(() => expect(shown()).toEqual(['Rosa']));
    expect(conversation.current).toBeNull();
    expect(await conversation.takeUp('conversation:rosa')).toBe(true);
    expect(conversation.current?.people[0]?.pseudonym).toBe('Rosa');
    stop();
  });

  it('keeps asking for the PIN until it is open again, so that its page is not left', async () => {
    const { app, turn, slow } = phone();
    const stop = conversation.openWith(app);
    beginWith('Maya');
    turn('locked');
    await eventually(() => expect(conversation.phase).toBe('locked'));
    let open = (): void => undefined;
    slow.opening = new Promise((done) => (open = done));
    turn('open');
    for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
    expect(conversation.phase).toBe('locked');
    open();
    await eventually(() => expect(conversation.person?.pseudonym).toBe('Maya'));
    expect([conversation.phase, conversation.sealed]).toEqual(['known', 0]);
    stop();
  });

  it('does not come back while the phone is locked, though an answer was still being written', async () => {
    const { app, turn, kept } = phone();
    const stop = conversation.openWith(app);
    beginWith('Maya');
    const [[name, draft]] = [...kept] as [[string, never]];
    turn('locked');
    // What is sealed after the locking can be read until the next.
    await app.agreeing.keepConversation(name, draft);
    await conversation.lookAgain();
    expect([conversation.current, shown(), conversation.sealed]).toEqual([null, [], 1]);
    stop();
  });

  it('tapped twice is opened once, and is not let go of', async () => {
    const { app, kept, letGo } = phone();
    for (const name of ['Rosa', 'Sam']) kept.set(`conversation:${name.toLowerCase()}`, { people: [{ pseudonym: name }], projectId: 'project' });
    const stop = conversation.openWith(app);
    await eventually(() => expect(shown()).toEqual(['Rosa', 'Sam']));
    const taps = [conversation.takeUp('conversation:rosa'), conversation.takeUp('conversation:rosa')];
    expect(await Promise.all(taps)).toEqual([true, true]);
    expect([letGo, shown()]).toEqual([[], ['Rosa', 'Sam']]);
    stop();
  });

  it('that the phone could not keep says so, and is tried once more before it leaves memory', async () => {
    const { app, turn, full } = phone();
    const stop = conversation.openWith(app);
    beginWith('Maya');
    full.tries = 1;
    conversation.answer('record', true);
    await eventually(() => expect(conversation.kept).toBe(false));
    turn('locked');
    await eventually(() => expect(conversation.sealed).toBe(1));
    turn('open');
    await eventually(() => expect(conversation.person?.answers).toEqual({ record: true }));
    expect([conversation.kept, conversation.lost]).toEqual([true, false]);
    stop();
  });

  it('of which the last answer was lost says so until the next', async () => {
    const { app, turn, full } = phone();
    const stop = conversation.openWith(app);
    beginWith('Maya');
    full.tries = 2;
    conversation.answer('record', true);
    await eventually(() => expect(conversation.kept).toBe(false));
    turn('locked');
    turn('open');
    await eventually(() => expect(conversation.lost).toBe(true));
    expect(conversation.person?.answers).toEqual({});
    conversation.answer('record', true);
    expect(conversation.lost).toBe(false);
    stop();
  });

  it.each([true, false])('says after a lock whether what was drawn must be given again: %s', async (isThere) => {
    const { app, turn } = phone();
    const stop = conversation.openWith(app);
    beginWith('Maya');
    conversation.holdUnkept(isThere);
    turn('locked');
    conversation.holdUnkept(false);
    turn('open');
    await eventually(() => expect(conversation.person?.pseudonym).toBe('Maya'));
    expect(conversation.lost).toBe(isThere);
    stop();
  });

  it('gets what shows an agreement for whom it was made, whoever is asked by then', async () => {
    const { app } = phone();
    const stop = conversation.openWith(app);
    beginWith('Ann');
    const { keptAs, people: [ann] } = conversation.current!;
    conversation.addPerson();
    conversation.setPerson({ pseudonym: 'Bob' });
    expect(conversation.show(keptAs, ann!, evidence)).toBe(false);
    expect(conversation.current!.people.map((one) => one.evidence?.id)).toEqual(['signature', undefined]);
    expect(conversation.show(keptAs, conversation.person!, evidence)).toBe(true);
    conversation.end();
    beginWith('Sam');
    expect(conversation.show(keptAs, ann!, evidence)).toBe(false);
    expect([conversation.person?.evidence, conversation.lost]).toEqual([null, false]);
    stop();
  });

  it('is not thrown away by a new one', () => {
    const { app, names } = phone();
    const stop = conversation.openWith(app);
    beginWith('Maya');
    expect(conversation.begin(project)).toBe(false);
    expect(names()).toEqual(['Maya']);
    conversation.end();
    expect(conversation.begin(project)).toBe(true);
    stop();
  });

  it('is not written over by one begun while only the PIN opens it, and both are offered after', async () => {
    const { app, names, turn, view } = phone();
    const stop = conversation.openWith(app);
    beginWith('Maya');
    turn('locked');
    beginWith('Sam');
    expect(names()).toEqual(['Maya', 'Sam']);
    // Trying a PIN is no locking: the one that goes on stays on the screen.
    view.set({ ...view.get(), opening: true });
    expect(conversation.person?.pseudonym).toBe('Sam');
    turn('open');
    await eventually(() => expect(shown()).toEqual(['Sam', 'Maya']));
    await conversation.takeUp(conversation.unfinished[1]!.keptAs);
    expect(conversation.person?.pseudonym).toBe('Maya');
    expect(shown()).toEqual(['Maya', 'Sam']);
    expect(names()).toEqual(['Maya', 'Sam']);
    stop();
  });

  it('begun while locked leaves memory when the phone is locked again', async () => {
    const { app, turn } = phone();
    turn('locked');
    const stop = conversation.openWith(app);
    beginWith('Sam');
    turn('locked');
    expect(conversation.current).toBeNull();
    await eventually(() => expect(conversation.sealed).toBe(1));
    stop();
  });

  it('is not written over by one begun before anybody has looked what is kept', async () => {
    const { app, kept, names, elsewhere } = phone();
    kept.set('conversation', { people: [{ pseudonym: 'Maya' }], projectId: 'project' });
    const stop = conversation.openWith(app);
    beginWith('Sam');
    await eventually(() => expect(shown()).toEqual(['Sam', 'Maya']));
    expect(names()).toEqual(['Maya', 'Sam']);
    expect(elsewhere.size).toBe(0);
    stop();
  });

  it('that another tab has is said, is not touched, and can be gone on with once that tab is closed', async () => {
    const { app, kept, names, elsewhere } = phone();
    kept.set('conversation:maya', { people: [{ pseudonym: 'Maya' }], projectId: 'project' });
    elsewhere.add('conversation:maya');
    const stop = conversation.openWith(app);
    await eventually(() => expect(conversation.elsewhere).toBe(1));
    expect([conversation.current, shown()]).toEqual([null, []]);
    beginWith('Sam');
    expect(names()).toEqual(['Maya', 'Sam']);
    elsewhere.clear();
    await conversation.lookAgain();
    expect([conversation.elsewhere, shown()]).toEqual([0, ['Sam', 'Maya']]);
    stop();
  });

  it('must be confirmed anew after any change', () => {
    conversation.begin(project);
    conversation.setPerson({ confirmed: true });
    expect(conversation.person?.confirmed).toBe(true);
    conversation.answer('board', false);
    expect(conversation.person?.confirmed).toBe(false);
  });

  it('asks one of several at a time, and changes nobody else’s answers', () => {
    conversation.begin(project);
    conversation.setPerson({ pseudonym: 'Maya' });
    conversation.addPerson();
    conversation.setPerson({ pseudonym: 'Sam' });
    conversation.answer('photos', false);
    expect(conversation.current?.people.map(({ pseudonym, answers }) => [pseudonym, answers])).toEqual([
      ['Maya', {}], ['Sam', { photos: false }],
    ]);
    conversation.removePerson(0);
    expect(conversation.person?.pseudonym).toBe('Sam');
  });
});

describe('what an earlier app kept in the clear', () => {
  it('is sealed and cleared, never written over what is newer, and goes with a story that is gone', async () => {
    const old = new Map([
      ['earshot.quote.gone', 'taken back'], ['earshot.quote.a', 'I have told'], ['earshot.quote.b', 'older'],
      ['earshot.project', 'stays'],
    ]);
    const storage = Object.fromEntries(old) as unknown as Storage;
    storage.getItem = (key) => old.get(key) ?? null;
    storage.removeItem = (key) => void old.delete(key);
    const sealed: Record<string, string> = { b: 'newer' };
    await sealOldDrafts(
      {
        quote: (id) => Promise.resolve(sealed[id] ?? ''),
        keepQuote: (id, text) =>
          id === 'gone' ? Promise.reject(new Refusal('story_missing')) : Promise.resolve(void (sealed[id] = text)),
      },
      storage,
    );
    expect(sealed).toEqual({ a: 'I have told', b: 'newer' });
    expect([...old.keys()]).toEqual(['earshot.project']);
  });
});
