// @vitest-environment happy-dom
import { flushSync } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import { writable } from '../../collect/domain/readable';
import type { HoldingBack } from '../../collect/domain/holding-back';
import WorryScreen from '../../collect/screens/story/WorryScreen.svelte';
import { words } from '../../collect/words';
import { eventually } from '../eventually';
import { clear, show, textOf } from './page';

const says = words.worry;
const story = { id: 's', projectId: 'p', pseudonym: 'Rose' };
const mayBeNamed = [{ id: 'ade', name: 'Ade Bello' }];
afterEach(clear);

interface Asked {
  page: HTMLElement;
  put: unknown[][];
  kept: string[];
}

function worry(standing: HoldingBack, of: object = story, begun: () => Promise<string> = () => Promise.resolve('')): Asked {
  const put: unknown[][] = [];
  const kept: string[] = [];
  const agreeing = { worry: begun, keepWorry: (_: string, text: string) => Promise.resolve(void kept.push(text)) };
  const holdBack = {
    standing: () => Promise.resolve(standing),
    put: (...given: unknown[]) => Promise.resolve(void put.push(given)),
  };
  const projects = writable([{ id: 'p', mayBeNamed }]);
  return { page: show({ agreeing, holdBack, projects }, WorryScreen, { story: of }), put, kept };
}

async function ready(page: HTMLElement, text: string): Promise<void> {
  await eventually(() => {
    flushSync();
    expect(textOf(page)).toContain(text);
  });
}

it('asks for a reason and for somebody, and holds the story back', async () => {
  const { page, put, kept } = worry('here');
  await ready(page, says.why);
  const form = page.querySelector('form')!;
  const press = (): void => {
    form.dispatchEvent(new Event('submit', { cancelable: true }));
    flushSync();
  };
  press();
  expect(textOf(page)).toContain(says.missing);
  expect(textOf(page)).toContain(words.consent.choose);
  expect(put).toEqual([]);
  const field = page.querySelector('textarea')!;
  field.value = 'She is afraid.';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  page.querySelector<HTMLInputElement>('input[value=ade]')!.click();
  press();
  await eventually(() => expect(put).toEqual([['s', 'She is afraid.', mayBeNamed[0]]]));
  await eventually(() => expect(kept).toEqual(['She is afraid.', '']));
});

it('goes on with what was begun before, and throws it away when asked to', async () => {
  const { page, kept } = worry('here', story, () => Promise.resolve('She is'));
  await ready(page, says.why);
  expect(page.querySelector('textarea')!.value).toBe('She is');
  expect(textOf(page)).toContain(words.quote.draft);
  const discard = [...page.querySelectorAll('button')].find(({ textContent }) => textContent === words.quote.discard)!;
  discard.click();
  await eventually(() => expect(kept).toEqual(['']));
  flushSync();
  expect(page.querySelector('textarea')!.value).toBe('');
});

it('asks all the same where what was begun cannot be read', async () => {
  const { page } = worry('here', story, () => Promise.reject(new Error('damaged')));
  await ready(page, says.why);
  expect(page.querySelector('textarea')!.value).toBe('');
});

it('shows what was begun where it can be used on the page of the story alone', async () => {
  const { page } = worry('already_sent', story, () => Promise.resolve('She is afraid.'));
  await ready(page, says.begun);
  expect(textOf(page)).toContain('She is afraid.');
});

it('offers administrators where the phone knows of nobody else', async () => {
  const { page } = worry('here', { ...story, projectId: 'of an older server' });
  await ready(page, says.administrators);
  expect(page.querySelectorAll('input[type=radio]')).toHaveLength(1);
});

it.each([
  ['already_sent', says.sent],
  ['may_be_sent', says.maySent],
] as const)('leads to the page of a story that is %s', async (standing, sentence) => {
  const { page } = worry(standing);
  await ready(page, sentence);
  expect(page.querySelector('form')).toBeNull();
  expect(page.querySelector('a.button')?.getAttribute('href')).toBe('/projects/p/stories/s/hold-back');
});

it('says whom a story that is held back waits for', () => {
  const named = worry('here', { ...story, embargo: { id: 'e', reason: 'r', name: 'Ade Bello' } }).page;
  expect(textOf(named)).toContain('until Ade Bello has looked into it.');
  const nobody = worry('here', { ...story, embargo: { id: 'e', reason: 'r', name: '' } }).page;
  expect(textOf(nobody)).toContain('until an administrator has looked into it.');
});
