// @vitest-environment happy-dom
import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PhotoDesk } from '../../collect/app/photos';
import PhotoScreen from '../../collect/screens/story/PhotoScreen.svelte';
import type { Database } from '../../collect/store/database';
import { words } from '../../collect/words';
import { eventually } from '../eventually';
import { jpegOf, keptStory, newDatabase, PIN } from '../makers';
import { clear, show, textOf } from './page';

const image = { width: 8, height: 8, toJpeg: () => Promise.resolve(jpegOf('a window').buffer), close: () => undefined };
const says = words.photo;

describe('the page of a photo', () => {
  let database: Database;
  let photos: PhotoDesk;
  let storyId: string;

  beforeEach(async () => {
    database = await newDatabase();
    photos = new PhotoDesk(database, () => Promise.resolve(image));
    storyId = (await keptStory(database)).id;
  });
  afterEach(clear);

  const open = (): HTMLElement => show({ photos }, PhotoScreen, { story: { id: storyId, may: { photos: true } } });
  const isKept = async (): Promise<boolean> => (await photos.unsaved(storyId)) !== null;

  function choose(input: HTMLInputElement): void {
    Object.defineProperty(input, 'files', { value: [new File(['from the camera'], 'photo.jpg')] });
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  async function take(): Promise<HTMLElement> {
    const page = open();
    choose(page.querySelector('input[type=file]')!);
    await eventually(() => expect(textOf(page)).toContain(says.checkTitle));
    return page;
  }

  function press(page: HTMLElement, name: string): void {
    [...page.querySelectorAll('button, label')].find((one) => textOf(one as HTMLElement) === name)!.dispatchEvent(
      new MouseEvent('click', { bubbles: true, cancelable: true }),
    );
    flushSync();
  }

  it('gives back what was taken and said of it, after it went away and the phone was unlocked', async () => {
    const page = await take();
    const field = page.querySelector<HTMLTextAreaElement>('textarea, input[type=text], input:not([type])')!;
    field.value = 'A room with a bed';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    press(page, says.people.nobody);
    flushSync();
    await isKept();
    clear();
    database.vault.lock();
    await database.vault.unlock(PIN);
    const again = open();
    await eventually(() => expect(textOf(again)).toContain(says.checkTitle));
    expect(again.querySelector<HTMLInputElement>('input[value=nobody]')!.checked).toBe(true);
    const values = [...again.querySelectorAll<HTMLInputElement>('textarea, input')].map(({ value }) => value);
    expect(values).toContain('A room with a bed');
  });

  it('keeps what a camera gives after the page went away, as when the phone was locked meanwhile', async () => {
    const [input] = open().querySelectorAll<HTMLInputElement>('input[type=file]');
    clear();
    database.vault.lock();
    choose(input!);
    await eventually(async () => expect(await isKept()).toBe(true));
  });

  it('keeps nothing of a photo of somebody who has not agreed, unless they do', async () => {
    const page = await take();
    press(page, says.people.not);
    await eventually(async () => expect(await isKept()).toBe(false));
    press(page, says.people.agreed);
    await eventually(async () => expect(await isKept()).toBe(true));
  });

  it.each([says.again, says.discard])('keeps nothing of a photo that was taken away: %s', async (name) => {
    const page = await take();
    expect(await isKept()).toBe(true);
    press(page, name);
    await eventually(async () => expect(await isKept()).toBe(false));
  });
});
