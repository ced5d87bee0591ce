// @vitest-environment happy-dom
import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConsentDesk } from '../../collect/app/agreeing';
import { PhotoDesk } from '../../collect/app/photos';
import { writable } from '../../collect/domain/readable';
import { summary } from '../../collect/domain/status';
import Destroy from '../../collect/screens/lock/Destroy.svelte';
import SignOut from '../../collect/screens/lock/SignOut.svelte';
import type { Database } from '../../collect/store/database';
import { takeBack } from '../../collect/store/erasing';
import { changeEntries } from '../../collect/store/outbox';
import { everythingKept } from '../../collect/store/stories';
import { words } from '../../collect/words';
import { FakePhone } from '../capture/fakes';
import { damageDraft } from '../damage';
import { eventually } from '../eventually';
import { jpegOf, keptStory, newDatabase, PIN } from '../makers';
import { clear, show, textOf } from './page';

const image = { width: 8, height: 8, toJpeg: () => Promise.resolve(jpegOf('a window').buffer), close: () => undefined };
const pages = [
  ['sign out', SignOut, words.signOut.allSent],
  ['delete everything', Destroy, words.destroy.nothingWaits],
] as const;

describe.each(pages)('the page to %s', (_page, screen, nothing) => {
  let database: Database;
  let consents: ConsentDesk;
  let photos: PhotoDesk;

  beforeEach(async () => {
    database = await newDatabase();
    consents = new ConsentDesk(database, new FakePhone().parts(database), undefined);
    photos = new PhotoDesk(database, () => Promise.resolve(image));
  });
  afterEach(clear);

  /** What it says of a phone as it is kept here and now, without its key or with it. */
  async function said(locked = true): Promise<string> {
    if (locked) database.vault.lock();
    const outbox = writable(summary((await everythingKept(database)).entries));
    const counting = consents.draftCounts();
    const page = show({ outbox, draftCounts: () => counting }, screen);
    await counting;
    await Promise.resolve();
    flushSync();
    return textOf(page);
  }

  it('says that all is sent only where nothing else is here', async () => {
    expect(await said()).toContain(nothing);
  });

  it('says what is not finished, though nothing waits to be sent', async () => {
    const { id } = await keptStory(database);
    await database.write(['outbox'], (tx) => tx.objectStore('outbox').clear());
    await consents.keepConversation('conversation:maya', { pseudonym: 'Maya' });
    await consents.keepEvidence('conversation:maya', 'signature', new Blob(['drawn']));
    await consents.keepConversation('conversation:sam', { pseudonym: 'Sam' });
    await consents.keepQuote(id, 'So cold');
    await photos.take(id, new Blob(['x']));
    const text = await said();
    expect(text).not.toContain(nothing);
    for (const line of ['in 2 conversations', '1 quote is half written', '1 photo is not saved'])
      expect(text).toContain(line);
  });

  it('says nothing of what was being written for a story that is no longer here', async () => {
    const { id } = await keptStory(database);
    await consents.keepQuote(id, 'So cold');
    await database.write(['stories', 'outbox'], async (tx) => {
      await tx.objectStore('stories').delete(id);
      await tx.objectStore('outbox').clear();
    });
    expect(await said()).toContain(nothing);
  });

  it('counts no conversation that is damaged, once the phone is unlocked and that is known', async () => {
    await consents.keepConversation('conversation:maya', { pseudonym: 'Maya' });
    await damageDraft(database, 'conversation:maya', PIN);
    expect(await said()).toContain('in 1 conversation');
    clear();
    await database.vault.unlock(PIN);
    expect(await said(false)).toContain(nothing);
  });

  it('says that taking a story back is not finished, also once the server has ended it, and counts it as no story', async () => {
    const { id } = await keptStory(database);
    await takeBack(database, id, '');
    await changeEntries(database, (entry) => ({ ...entry, code: 'held' }));
    const text = await said();
    expect(text).not.toMatch(/server (does not know|is told|is never)/);
    expect(text).toContain(words.takeBack.waiting(1));
    expect(text).not.toMatch(/0 stories/);
    expect(text).not.toContain(nothing);
  });

  it('says how many stories are only here', async () => {
    await keptStory(database);
    const text = await said();
    expect(text).toContain('1 story is only on this phone');
    expect(text).not.toContain('not finished');
  });
});

describe('the page to sign out', () => {
  it('says nothing of all being sent before it is known', async () => {
    const never = new Promise<never>(() => undefined);
    const page = show({ outbox: writable(summary([])), draftCounts: () => never }, SignOut);
    await eventually(() => expect(textOf(page)).toContain(words.signOut.action));
    expect(textOf(page)).not.toContain(words.signOut.allSent);
    clear();
  });
});
