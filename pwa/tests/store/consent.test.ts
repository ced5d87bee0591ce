import { describe, expect, it, vi } from 'vitest';
import { ConsentDesk } from '../../collect/app/agreeing';
import type { StoryDraft } from '../../collect/domain/story';
import { storyViews } from '../../collect/domain/story-views';
import type { Database } from '../../collect/store/database';
import { joinedBytes } from '../../collect/store/bytes';
import { eraseStory } from '../../collect/store/erasing';
import { saveQuote } from '../../collect/store/parts';
import { everythingKept } from '../../collect/store/stories';
import { FakePhone } from '../capture/fakes';
import { allEntries } from '../entries';
import { agreementBy, keptStory, newDatabase, PIN } from '../makers';

const desk = (database: Database): ConsentDesk => new ConsentDesk(database, new FakePhone().parts(database), undefined);
const KEPT_AS = 'conversation:rose';
const signature = (): Blob => new Blob(['CANARY drawn'], { type: 'image/png' });

async function groupDraft(consents: ConsentDesk): Promise<StoryDraft> {
  // Where another tab has it, it is kept already.
  await consents.keepConversation(KEPT_AS, { people: ['Rose'] }).catch(() => undefined);
  const evidence = await consents.keepEvidence(KEPT_AS, 'signature', signature());
  return {
    keptAs: KEPT_AS, wordingId: 'wording', pseudonym: 'Tuesday carers', place: '', withoutRecording: false, conversation: null,
    agreements: [agreementBy('Rose', { how: 'signed', evidence }), agreementBy('Sam')],
  };
}

const countOf = (database: Database, name: 'drafts' | 'evidence' | 'consents' | 'stories' | 'chunks' | 'outbox') =>
  database.read([name], (tx) => tx.objectStore(name).count());

describe('consent', () => {
  it('is kept with its story and what shows it, and its draft is gone', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    await consents.keepConversation(KEPT_AS, { people: ['Rose'] });
    const story = await consents.start('project', 'person', await groupDraft(consents));
    const entries = await allEntries(database);
    expect(entries.map(({ kind }) => kind).sort()).toEqual(['consent', 'consent', 'evidence', 'story']);
    const { id, sha256 } = entries.find(({ kind }) => kind === 'evidence')!;
    const bodies = entries.filter(({ kind }) => kind === 'consent').map(({ body }) => JSON.parse(body!) as object);
    expect(bodies).toContainEqual(expect.objectContaining({ how: 'signed', evidence: { id, kind: 'signature', sha256 } }));
    expect(new TextDecoder().decode((await joinedBytes(database, id))!)).toBe('CANARY drawn');
    expect(await countOf(database, 'drafts')).toBe(0);
    expect(new Set(story.participants?.map(({ receiptCode }) => receiptCode)).size).toBe(2);
  });

  it('knows how long a yes lasts as they were told, which is the wording’s and is not sent', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    await consents.start('project', 'person', { ...(await groupDraft(consents)), months: 24 });
    const [view] = storyViews(await everythingKept(database), []);
    expect(view?.terms).toEqual([expect.objectContaining({ months: 24 }), expect.objectContaining({ months: 24 })]);
    const sent = (await allEntries(database)).filter(({ kind }) => kind === 'consent');
    for (const { body } of sent) expect(JSON.parse(body!)).not.toHaveProperty('months');
  });

  it.each(['evidence', 'chunks', 'outbox', 'drafts'] as const)(
    'is not kept at all when %s cannot be, and can be given again',
    async (store) => {
      const database = await newDatabase();
      const consents = desk(database);
      const draft = await groupDraft(consents);
      const method = store === 'drafts' ? 'delete' : 'put';
      const real = IDBObjectStore.prototype[method] as (...args: unknown[]) => IDBRequest;
      const spy = vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, ...args: unknown[]) {
        if (this.name === store) throw new DOMException('made for this test', 'UnknownError');
        return real.apply(this, args) as never;
      });
      await expect(consents.start('project', 'person', draft)).rejects.toMatchObject({ code: 'not_saved' });
      spy.mockRestore();
      const kept = await everythingKept(database);
      expect([kept.stories, kept.consents, kept.entries]).toEqual([[], [], []]);
      expect([await countOf(database, 'evidence'), await countOf(database, 'chunks')]).toEqual([0, 0]);
      await consents.start('project', 'person', draft);
      expect(await countOf(database, 'stories')).toBe(1);
    },
  );

  it('is not kept with evidence other than what was shown', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    const draft = await groupDraft(consents);
    draft.agreements[0]!.evidence!.sha256 = 'another';
    await expect(consents.start('project', 'person', draft)).rejects.toMatchObject({ code: 'damaged_on_phone' });
    expect(await countOf(database, 'stories')).toBe(0);
  });

  it.each([
    ['nobody', []],
    ['two of one name', ['Rose', ' rose']],
    ['more than forty', Array.from({ length: 41 }, (_, n) => `Person ${n}`)],
  ])('of %s is refused', async (_case, names) => {
    const consents = desk(await newDatabase());
    const draft = await groupDraft(consents);
    const agreements = names.map((name) => agreementBy(name));
    await expect(consents.start('project', 'person', { ...draft, agreements })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('two tabs', () => {
  it('never write to one conversation, and a signature of either is there at its end', async () => {
    const database = await newDatabase();
    const browser = new FakePhone();
    const tab = (): ConsentDesk => new ConsentDesk(database, browser.parts(database), undefined);
    const [one, other] = [tab(), tab()];
    await one.keepConversation(KEPT_AS, { pseudonym: 'Rose' });
    expect(await other.conversations()).toEqual({ waiting: [], elsewhere: 1, sealed: 0 });
    expect(await other.takeUp(KEPT_AS)).toBeNull();
    await expect(other.keepConversation(KEPT_AS, { pseudonym: 'Sam' })).rejects.toMatchObject({ code: 'not_saved' });
    await expect(other.keepConversation(KEPT_AS, null)).rejects.toMatchObject({ code: 'not_saved' });
    await other.keepConversation('conversation:sam', { pseudonym: 'Sam' });
    await other.start('project', 'person', {
      ...(await groupDraft(other)), keptAs: 'conversation:sam',
      agreements: [agreementBy('Sam', { how: 'signed', evidence: await other.keepEvidence('conversation:sam', 'signature', signature()) })],
    });
    await one.start('project', 'person', await groupDraft(one));
    expect([await countOf(database, 'stories'), await countOf(database, 'evidence')]).toEqual([2, 2]);
  });

  it('of which one has a conversation: the other cannot make a story of it, and keeps it once it is let go', async () => {
    const database = await newDatabase();
    const browser = new FakePhone();
    const tab = (): ConsentDesk => new ConsentDesk(database, browser.parts(database), undefined);
    const [one, other] = [tab(), tab()];
    await one.keepConversation(KEPT_AS, { pseudonym: 'Rose' });
    await expect(other.start('project', 'person', await groupDraft(one))).rejects.toMatchObject({ code: 'not_saved' });
    expect(await countOf(database, 'stories')).toBe(0);
    await expect(other.keepConversation(KEPT_AS, { pseudonym: 'Sam' })).rejects.toMatchObject({ code: 'not_saved' });
    one.letGo(KEPT_AS);
    await vi.waitFor(() => other.keepConversation(KEPT_AS, { pseudonym: 'Sam' }));
    expect((await other.conversations()).waiting).toMatchObject([{ pseudonym: 'Sam' }]);
  });

  it('of which one could not forget a conversation: the other can go on with it', async () => {
    const database = await newDatabase();
    const browser = new FakePhone();
    const tab = (): ConsentDesk => new ConsentDesk(database, browser.parts(database), undefined);
    const [one, other] = [tab(), tab()];
    await one.keepConversation(KEPT_AS, { pseudonym: 'Rose' });
    const broken = vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(() => {
      throw new DOMException('made for this test', 'UnknownError');
    });
    await expect(one.keepConversation(KEPT_AS, null)).rejects.toMatchObject({ code: 'not_saved' });
    broken.mockRestore();
    await vi.waitFor(async () => expect(await other.takeUp(KEPT_AS)).toEqual({ pseudonym: 'Rose' }));
  });

  it('go on where the other has stopped, with the answer that it gave last', async () => {
    const database = await newDatabase();
    const browser = new FakePhone();
    const tab = (): ConsentDesk => new ConsentDesk(database, browser.parts(database), undefined);
    const [one, other] = [tab(), tab()];
    void one.keepConversation(KEPT_AS, { pseudonym: 'Rose' });
    void one.keepConversation(KEPT_AS, { pseudonym: 'Rose', place: 'Leeds' });
    one.letGo(KEPT_AS);
    await vi.waitFor(async () => expect(await other.takeUp(KEPT_AS)).toEqual({ pseudonym: 'Rose', place: 'Leeds' }));
    expect((await one.conversations()).elsewhere).toBe(1);
  });
});

describe('what is not finished', () => {
  it('holds no word in the clear, and opens only with the PIN (fault 32)', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    await consents.keepConversation(KEPT_AS, { pseudonym: 'CANARY name' });
    const { id: storyId } = await keptStory(database);
    await consents.keepQuote(storyId, 'CANARY words');
    await consents.keepEvidence(KEPT_AS, 'signature', signature());
    const rows = await database.read(['drafts'], (tx) => tx.objectStore('drafts').getAll());
    expect(rows).toHaveLength(3);
    const raw = rows.map(({ name, sealed }) => name + new TextDecoder('latin1').decode(sealed.bytes));
    expect(raw.join()).not.toContain('CANARY');
    database.vault.lock();
    expect(await consents.conversations()).toEqual({ waiting: [], elsewhere: 0, sealed: 1 });
    await database.vault.unlock(PIN);
    expect(await consents.conversations()).toMatchObject({ waiting: [{ pseudonym: 'CANARY name', keptAs: KEPT_AS }] });
    expect(await consents.quote(storyId)).toBe('CANARY words');
  });

  it('has evidence only for as long as it is there itself, and from its very first answer', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    void consents.keepConversation(KEPT_AS, { pseudonym: 'Rose' });
    await consents.keepEvidence(KEPT_AS, 'signature', signature());
    expect(await countOf(database, 'drafts')).toBe(2);
    await consents.keepConversation(KEPT_AS, null);
    await expect(consents.keepEvidence(KEPT_AS, 'signature', signature())).rejects.toMatchObject({ code: 'not_saved' });
    expect(await countOf(database, 'drafts')).toBe(0);
  });

  it('is what was written last, however quickly', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    const { id } = await keptStory(database);
    await Promise.all(['S', 'So', 'So c', 'So cold'].map((text) => consents.keepQuote(id, text)));
    expect(await consents.quote(id)).toBe('So cold');
  });

  it('stays forgotten, and takes its evidence with it, when another is begun at once', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    await consents.keepConversation(KEPT_AS, { pseudonym: 'Rose' });
    await consents.keepEvidence(KEPT_AS, 'signature', signature());
    await Promise.all([
      consents.keepConversation(KEPT_AS, null), consents.keepConversation('conversation:sam', { pseudonym: 'Sam' }),
    ]);
    expect((await consents.conversations()).waiting).toEqual([{ pseudonym: 'Sam', keptAs: 'conversation:sam' }]);
    expect(await countOf(database, 'drafts')).toBe(1);
  });

  it('and its evidence stay where they are while another is begun, and goes on under the name of an older app too', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    await consents.keepConversation('conversation', { pseudonym: 'Rose' });
    const evidence = await consents.keepEvidence('conversation', 'signature', signature());
    database.vault.lock();
    await consents.keepConversation('conversation:sam', { pseudonym: 'Sam' });
    await consents.keepConversation('conversation:sam', null);
    await database.vault.unlock(PIN);
    expect(await consents.takeUp('conversation')).toEqual({ pseudonym: 'Rose' });
    const agreements = [agreementBy('Rose', { how: 'signed', evidence })];
    await consents.start('project', 'person', { ...(await groupDraft(consents)), keptAs: 'conversation', agreements });
    expect(await countOf(database, 'evidence')).toBe(1);
  });

  it('goes with a story that was withdrawn, and nobody else’s does', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    const story = await consents.start('project', 'person', await groupDraft(consents));
    await consents.keepQuote(story.id, 'words of somebody who took them back');
    const another = await keptStory(database);
    await consents.keepQuote(another.id, 'So cold');
    await eraseStory(database, story.id);
    expect(await consents.quote(story.id)).toBe('');
    expect(await consents.quote(another.id)).toBe('So cold');
    expect([await countOf(database, 'evidence'), await countOf(database, 'chunks')]).toEqual([0, 0]);
  });

  it('is not kept of a story that was withdrawn while it was being written', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    const { id } = await keptStory(database);
    await eraseStory(database, id);
    await expect(consents.keepQuote(id, 'So cold')).rejects.toMatchObject({ code: 'story_missing' });
    expect(await countOf(database, 'drafts')).toBe(0);
  });

  it('goes when the quote is kept', async () => {
    const database = await newDatabase();
    const consents = desk(database);
    const { id: storyId } = await keptStory(database);
    await consents.keepQuote(storyId, 'So cold');
    await saveQuote(database, 'person', { id: 'quote', storyId, text: 'So cold', writtenAt: 'now' });
    expect(await consents.quote(storyId)).toBe('');
  });
});

describe('the phone is in use', () => {
  it('for a while for what is drawn and not kept yet, and not for ever', async () => {
    const database = await newDatabase();
    const phone = new FakePhone();
    const consents = new ConsentDesk(database, phone.parts(database), undefined);
    const inUse = (): boolean => consents.isUnderWay;
    consents.holdUnkept(true);
    phone.sleep(4 * 60_000);
    consents.holdUnkept(true);
    expect(inUse()).toBe(true);
    phone.sleep(60_000);
    expect(inUse()).toBe(false);
    consents.holdUnkept(false);
    consents.holdUnkept(true);
    expect(inUse()).toBe(true);
  });

  it.each([['put on by an hour', 60], ['put back by a day', -24 * 60]])(
    'for what is drawn, though the time of day is %s, and no longer than without that',
    async (_case, minutes) => {
      const phone = new FakePhone();
      const database = await newDatabase();
      const consents = new ConsentDesk(database, phone.parts(database), undefined);
      consents.holdUnkept(true);
      phone.asleep += minutes * 60_000;
      expect(consents.isUnderWay).toBe(true);
      phone.time += 5 * 60_000;
      expect(consents.isUnderWay).toBe(false);
    },
  );

  it('no longer for what is drawn, where its growing clock stood still for hours', async () => {
    const phone = new FakePhone();
    const database = await newDatabase();
    const consents = new ConsentDesk(database, phone.parts(database), undefined);
    consents.holdUnkept(true);
    phone.asleep += 2 * 60 * 60_000;
    expect(consents.isUnderWay).toBe(false);
  });
});
