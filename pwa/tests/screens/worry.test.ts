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

function worry(standing: HoldingBack, of: object = story): { page: HTMLElement; put: unknown[][] } {
  const put: unknown[][] = [];
  const holdBack = {
    standing: () => Promise.resolve(standing),
    put: (...given: unknown[]) => Promise.resolve(void put.push(given)),
  };
  const projects = writable([{ id: 'p', mayBeNamed }]);
  return { page: show({ holdBack, projects }, WorryScreen, { story: of }), put };
}

async function ready(page: HTMLElement, text: string): Promise<void> {
  await eventually(() => {
    flushSync();
    expect(textOf(page)).toContain(text);
  });
}

it('asks for a reason and for somebody, and holds the story back', async () => {
  const { page, put } = worry('here');
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
  field.dispatchEvent(new Event('input'));
  page.querySelector<HTMLInputElement>('input[value=ade]')!.click();
  press();
  await eventually(() => expect(put).toEqual([['s', 'She is afraid.', mayBeNamed[0]]]));
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
