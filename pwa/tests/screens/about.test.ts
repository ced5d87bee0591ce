// @vitest-environment happy-dom
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noAnswers, USES, type Answers } from '../../collect/domain/consent';
import { newConversation, newPerson, type Conversation, type PersonAsked } from '../../collect/domain/conversation';
import { writable } from '../../collect/domain/readable';
import type { StoryDraft } from '../../collect/domain/story';
import ConsentScreens from '../../collect/screens/consent/ConsentScreens.svelte';
import { conversation } from '../../collect/screens/conversation.svelte';
import { to } from '../../collect/screens/route';
import { words } from '../../collect/words';
import { eventually } from '../eventually';
import { phone, project } from './conversation-phone';
import { clear, show, textOf } from './page';

const says = words.about;
const all = Object.fromEntries(USES.map((use) => [use, true])) as Answers;
const groups = [{ id: 'young', name: 'Young carers' }, { id: 'deaf', name: 'People who are deaf' }];
const rose = (change: Partial<PersonAsked> = {}): PersonAsked => ({
  ...newPerson(), pseudonym: 'Rose', language: 'en', reading: 'full', answers: all, forWhom: 'self', how: 'ticked', ...change,
});
const begun: StoryDraft[] = [];
const app = {
  ...phone().app,
  projects: writable([{ ...project, groups }]),
  startStory: (_: string, draft: StoryDraft) => {
    begun.push(draft);
    return Promise.resolve({ id: 'story' });
  },
};

function ask(person: PersonAsked, change: Partial<Conversation> = {}): void {
  conversation.goOn({ ...newConversation('project', project.wording), isGroup: false, people: [person], ...change });
}

function open(screen: string): HTMLElement {
  clear();
  return show(app, ConsentScreens, { route: { screen } });
}

const press = (page: HTMLElement, name: string): void => {
  [...page.querySelectorAll('button')].find((one) => textOf(one) === name)!.click();
  flushSync();
};

function write(page: HTMLElement, text: string): void {
  const field = page.querySelector('textarea')!;
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

beforeEach(() => {
  begun.length = 0;
  conversation.openWith(app)();
  location.hash = '';
});
afterEach(() => {
  clear();
  conversation.end();
});

it('comes after everything is agreed, takes own words, then groups, and goes into the story', async () => {
  ask(rose());
  press(open('consent-check'), words.consent.confirm);
  expect([location.hash, begun]).toEqual([to.about, []]);
  const about = open('consent-about');
  write(about, '  A gran of five ');
  about.querySelector('form')!.requestSubmit();
  expect(location.hash).toBe(to.groups);
  const page = open('consent-groups');
  page.querySelectorAll<HTMLInputElement>('input[type=checkbox]')[1]!.click();
  page.querySelector('form')!.requestSubmit();
  await eventually(() => expect(begun.map(({ agreements }) => agreements[0]!.said)).toEqual([
    { ownWords: 'A gran of five', groups: ['deaf'] }]));
});

it('is skipped as easily as it is answered, and then nothing is kept', async () => {
  ask(rose({ said: { ownWords: 'A gran', groups: ['young'] } }));
  press(open('consent-about'), says.skip);
  press(open('consent-groups'), says.skip);
  await eventually(() => expect(begun.map(({ agreements }) => 'said' in agreements[0]!)).toEqual([false]));
});

it('takes nothing from what somebody in a group has confirmed, and goes back to the others', () => {
  ask(rose({ confirmed: true }), { isGroup: true, name: 'Tuesday carers' });
  const page = open('consent-groups');
  page.querySelector<HTMLInputElement>('input[type=checkbox]')!.click();
  page.querySelector('form')!.requestSubmit();
  expect(location.hash).toBe(to.group);
  expect(conversation.person).toMatchObject({ confirmed: true, said: { ownWords: '', groups: ['young'] } });
});

it('is kept short, and says so', () => {
  ask(rose());
  const page = open('consent-about');
  write(page, 'a'.repeat(501));
  page.querySelector('form')!.requestSubmit();
  flushSync();
  expect(textOf(page)).toContain(says.long);
  expect(conversation.person?.said).toBeUndefined();
});

it('is not asked of somebody who agrees to nothing', async () => {
  ask(rose({ answers: noAnswers() }));
  press(open('consent-check'), words.consent.confirm);
  await eventually(() => expect(begun).toHaveLength(1));
});
