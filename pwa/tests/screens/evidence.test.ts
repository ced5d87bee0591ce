import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConsentDesk } from '../../collect/app/agreeing';
import { USES, type Answers } from '../../collect/domain/consent';
import { draftOf, isShown, type PersonAsked } from '../../collect/domain/conversation';
import { writable } from '../../collect/domain/readable';
import { conversation } from '../../collect/screens/conversation.svelte';
import type { Database } from '../../collect/store/database';
import { FakePhone } from '../capture/fakes';
import { eventually } from '../eventually';
import { newDatabase } from '../makers';
import { project } from './conversation-phone';

const answers: Answers = {
  record: true, transcribe: true, commissioners: true, board: true, publication: false, photos: true,
};
const allSaid: Partial<PersonAsked> = {
  pseudonym: 'Maya', language: 'en', reading: 'full', answers, forWhom: 'child', agreedBy: 'mother', how: 'signed',
};

describe('what shows an agreement', () => {
  let database: Database;
  let desk: ConsentDesk;
  let stop: () => void;

  beforeEach(async () => {
    database = await newDatabase();
    desk = new ConsentDesk(database, new FakePhone().parts(database), undefined);
    const view = writable({ state: 'open' as const, waitMs: 0, opening: false, closings: 0 });
    stop = conversation.openWith({ agreeing: desk, lock: { view } as never });
    conversation.begin(project);
    conversation.set({ isGroup: false });
    conversation.setPerson(allSaid);
  });

  afterEach(() => {
    conversation.end();
    stop();
  });

  const keptFiles = async (): Promise<string[]> =>
    (await database.read(['drafts'], (tx) => tx.objectStore('drafts').getAllKeys()))
      .filter((name) => name.includes('/'))
      .map((name) => name.split('/')[1]!);

  async function show(kind: 'signature' | 'spoken' | 'paper' = 'signature'): Promise<string> {
    const { keptAs } = conversation.current!;
    const given = conversation.person!;
    // A photo of paper is made smaller by the browser; what becomes of its bytes is the same.
    const { id, ...file } = await desk.keepEvidence(keptAs, kind === 'paper' ? 'signature' : kind, new Blob(['drawn']));
    expect(conversation.show(keptAs, given, { ...file, id, kind })).toBe(true);
    return id;
  }

  it.each<[string, Partial<PersonAsked>]>([
    ['an answer', { answers: { ...answers, publication: true } }],
    ['the language', { language: 'ur' }],
    ['the reading', { reading: 'easy' }],
    ['whose story it is', { forWhom: 'self' }],
    ['who agreed', { agreedBy: 'father' }],
  ])('goes, with its bytes, once %s is another, and is asked for again', async (_what, change) => {
    await show();
    expect(draftOf(conversation.current!)).not.toBeNull();
    conversation.setPerson(change);
    expect([conversation.person?.evidence, conversation.outdated]).toEqual([null, true]);
    expect(draftOf(conversation.current!)).toBeNull();
    await eventually(async () => expect(await keptFiles()).toEqual([]));
    const again = await show();
    expect([conversation.outdated, conversation.person?.evidence?.id]).toEqual([false, again]);
    expect(await keptFiles()).toEqual([again]);
  });

  it.each(['signature', 'spoken', 'paper'] as const)('as a %s goes with the answers it was given for', async (kind) => {
    conversation.setPerson({ how: ({ signature: 'signed', spoken: 'spoken', paper: 'paper' } as const)[kind] });
    await show(kind);
    conversation.answer('publication', true);
    expect([conversation.person?.evidence, conversation.outdated]).toEqual([null, true]);
  });

  it('stays where the same is said again, or where only a name or a helper is another', async () => {
    const id = await show();
    for (const use of USES) conversation.answer(use, answers[use]);
    conversation.setPerson({ language: 'en', reading: 'full', forWhom: 'child', agreedBy: 'mother' });
    conversation.setPerson({ pseudonym: 'Mia', interpreter: 'Sana', witness: 'a nurse' });
    expect([conversation.person?.evidence?.id, conversation.outdated]).toEqual([id, false]);
    expect(await keptFiles()).toEqual([id]);
  });

  it('is no longer somebody who heard other answers', () => {
    conversation.setPerson({ how: 'spoken', witness: 'a nurse' });
    expect(isShown(conversation.person!)).toBe(true);
    conversation.answer('publication', true);
    expect([isShown(conversation.person!), conversation.outdated]).toEqual([false, true]);
    conversation.setPerson({ witness: 'a nurse' });
    expect([isShown(conversation.person!), conversation.outdated]).toEqual([true, false]);
  });

  it('is not asked for again of whoever turns to no to everything, and is once they agree to something', async () => {
    await show();
    for (const use of USES) conversation.answer(use, false);
    expect([conversation.person?.evidence, conversation.outdated]).toEqual([null, false]);
    conversation.answer('record', true);
    expect(conversation.outdated).toBe(true);
  });

  it('needs nothing new of whoever tapped their answers', () => {
    conversation.setPerson({ how: 'ticked' });
    conversation.answer('publication', true);
    expect([isShown(conversation.person!), conversation.outdated]).toEqual([true, false]);
  });

  it('is not taken for answers that were changed while it was still being kept', async () => {
    const { keptAs } = conversation.current!;
    const given = conversation.person!;
    const evidence = await desk.keepEvidence(keptAs, 'signature', new Blob(['drawn']));
    conversation.answer('publication', true);
    expect(conversation.show(keptAs, given, evidence)).toBe(false);
    expect(conversation.person?.evidence).toBeNull();
    await eventually(async () => expect(await keptFiles()).toEqual([]));
  });

  it('is let go of where another takes its place, or whoever gave it is taken out', async () => {
    await show();
    const second = await show();
    await eventually(async () => expect(await keptFiles()).toEqual([second]));
    conversation.removePerson(0);
    await eventually(async () => expect(await keptFiles()).toEqual([]));
  });
});
