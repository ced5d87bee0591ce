import { beforeEach, describe, expect, it } from 'vitest';
import type { Agreeing, LockView } from '../../collect/app-core';
import { conversation } from '../../collect/screens/conversation.svelte';
import { sealOldDrafts } from '../../collect/screens/old-drafts';
import { Refusal } from '../../collect/domain/codes';
import { USES } from '../../collect/domain/consent';
import type { Project } from '../../collect/domain/project';
import { writable } from '../../collect/domain/readable';
import { eventually } from '../eventually';

const project: Project = {
  id: 'project', name: 'A project', introduction: '', isDemo: false, prompts: [], places: [],
  wording: {
    id: 'wording', version: 1, title: 'Before we start', introduction: '',
    uses: USES.map((use) => ({ use, question: '', explanation: '' })),
  },
};

/** A phone that keeps one conversation, and opens it only while it is unlocked. */
function phone() {
  const view = writable<LockView>({ state: 'open', waitMs: 0, opening: false });
  const kept: { draft: unknown } = { draft: null };
  const agreeing = {
    conversation: () =>
      view.get().state === 'open' ? Promise.resolve(kept.draft) : Promise.reject(new Refusal('locked')),
    keepConversation: (draft: unknown) => Promise.resolve(void (kept.draft = draft)),
  } as unknown as Agreeing;
  const turn = (state: LockView['state']): void => view.set({ ...view.get(), state });
  return { app: { agreeing, lock: { view } as never }, kept, turn };
}

describe('a conversation before its consent is confirmed', () => {
  beforeEach(() => conversation.end());

  it('is kept at every answer, and forgotten once it has ended', () => {
    const { app, kept } = phone();
    const stop = conversation.openWith(app);
    conversation.begin(project);
    conversation.setPerson({ pseudonym: 'Maya' });
    conversation.answer('record', true);
    expect(kept.draft).toMatchObject({ people: [{ pseudonym: 'Maya', answers: { record: true } }] });
    conversation.end();
    expect(kept.draft).toBeNull();
    stop();
  });

  it('leaves memory when the phone is locked, and is back when it is unlocked', async () => {
    const { app, turn } = phone();
    const stop = conversation.openWith(app);
    conversation.begin(project);
    conversation.setPerson({ pseudonym: 'Maya' });
    turn('locked');
    expect(conversation.current).toBeNull();
    await eventually(() => expect(conversation.phase).toBe('locked'));
    turn('open');
    await eventually(() => expect(conversation.person?.pseudonym).toBe('Maya'));
    stop();
  });

  it('is not thrown away by a new one', () => {
    const { app, kept } = phone();
    const stop = conversation.openWith(app);
    conversation.begin(project);
    conversation.setPerson({ pseudonym: 'Maya' });
    expect(conversation.begin(project)).toBe(false);
    expect(kept.draft).toMatchObject({ people: [{ pseudonym: 'Maya' }] });
    conversation.end();
    expect(conversation.begin(project)).toBe(true);
    stop();
  });

  it('is not thrown away by a new one while only the PIN opens it', async () => {
    const { app, kept, turn } = phone();
    const stop = conversation.openWith(app);
    conversation.begin(project);
    conversation.setPerson({ pseudonym: 'Maya' });
    turn('locked');
    await eventually(() => expect(conversation.phase).toBe('locked'));
    expect(conversation.begin(project)).toBe(false);
    expect(kept.draft).toMatchObject({ people: [{ pseudonym: 'Maya' }] });
    turn('open');
    await eventually(() => expect(conversation.person?.pseudonym).toBe('Maya'));
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
  it('is sealed and cleared, and never written over what is newer', async () => {
    const old = new Map([['earshot.quote.a', 'I have told'], ['earshot.quote.b', 'older'], ['earshot.project', 'stays']]);
    const storage = Object.fromEntries(old) as unknown as Storage;
    storage.getItem = (key) => old.get(key) ?? null;
    storage.removeItem = (key) => void old.delete(key);
    const sealed: Record<string, string> = { b: 'newer' };
    await sealOldDrafts(
      {
        quote: (id) => Promise.resolve(sealed[id] ?? ''),
        keepQuote: (id, text) => Promise.resolve(void (sealed[id] = text)),
      },
      storage,
    );
    expect(sealed).toEqual({ a: 'I have told', b: 'newer' });
    expect([...old.keys()]).toEqual(['earshot.project']);
  });
});
