// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { noAnswers, USES, type Answers } from '../../collect/domain/consent';
import { newConversation, newPerson, type Conversation, type PersonAsked } from '../../collect/domain/conversation';
import { together } from '../../collect/domain/together';
import type { Wording } from '../../collect/domain/wording';
import CheckScreen from '../../collect/screens/consent/CheckScreen.svelte';
import GroupScreen from '../../collect/screens/consent/GroupScreen.svelte';
import IntroductionScreen from '../../collect/screens/consent/IntroductionScreen.svelte';
import FinishScreen from '../../collect/screens/story/FinishScreen.svelte';
import ReceiptScreen from '../../collect/screens/story/ReceiptScreen.svelte';
import Tellers from '../../collect/screens/story/Tellers.svelte';
import { clear, show, textOf } from './page';

const uses = USES.map((use) => ({ use, question: '', explanation: '' }));
const text = (language: string) => ({ language, reading: 'easy' as const, title: 'Your story', introduction: 'One. Two.', uses });
const wording: Wording = {
  id: 'w', version: 1, title: '', introduction: '', uses, months: 24, texts: [text('en'), { ...text('en'), reading: 'full' }, text('ur'), text('pl')],
};
const all = Object.fromEntries(USES.map((use) => [use, true])) as Answers;
const asked = (pseudonym: string, answers: Answers, language = 'en'): PersonAsked => ({
  ...newPerson(), pseudonym, language, reading: 'easy', answers, forWhom: 'self', how: 'ticked', confirmed: true,
});
const group = (...people: PersonAsked[]): Conversation => ({
  ...newConversation('project', wording), isGroup: true, name: 'Tuesday carers', people,
});
const rose = asked('Rose', all);
const bob = asked('Bob', { ...all, board: false });
const cath = asked('Cath', { ...noAnswers(), record: true });
const agreed = (people: PersonAsked[]) => together(people, people.map(({ id, answers }) => ({ participantId: id, answers })));
const story = (...people: PersonAsked[]) => ({
  id: 'story', pseudonym: 'Tuesday carers', parts: [], together: agreed(people),
  participants: people.map(({ id, pseudonym }) => ({ id, pseudonym, receiptCode: '0123456789ABCDEFGHJKMNPQRS' })),
  terms: people.map(({ language }) => ({ months: 24, language: language ?? '' })),
});

afterEach(clear);

describe('a group', () => {
  it('sees what all of them said yes to, and whose yes the rest needs', () => {
    const page = show({ agreeing: {} }, GroupScreen, { current: group(rose, bob, cath) });
    expect(textOf(page)).toContain('You may do what all of them said yes to: Record their voice Not all of them');
    expect(textOf(page)).toContain('Show it to a board Yes from Rose. It also needs a yes from Bob and Cath.');
    expect(textOf(page)).toContain('Quote it in print, with no name Yes from Rose and Bob. It also needs a yes from Cath.');
  });

  it.each([
    ['while they tell their story', Tellers], ['before it is finished', FinishScreen],
  ])('sees the same %s', (_when, screen) => {
    const page = show({}, screen, { story: story(rose, bob) });
    expect(textOf(page)).toContain('Show it to a board Yes from Rose. It also needs a yes from Bob.');
  });

  it('is told of nobody who stands in the way where everybody agrees', () => {
    expect(textOf(show({}, FinishScreen, { story: story(rose, rose) }))).not.toContain('Not all of them');
    expect(textOf(show({}, Tellers, { story: story(rose) }))).not.toContain('said yes');
  });
});

describe('who can have what', () => {
  it('is said for each audience before the story is finished', () => {
    const page = textOf(show({}, FinishScreen, { story: story(asked('Rose', { ...all, board: false })) }));
    expect(page).toContain('The people who plan the service their voice, their words in writing, quotes and photos');
    expect(page).toContain('A board Nothing');
    expect(page).toContain('Print, with no name their words in writing and quotes');
  });
});

describe('how long a yes lasts', () => {
  const sentence = 'Your yes lasts 2 years. After that we do nothing new with your story unless we ask you again.';

  it('is said before the first question, on a screen of its own, in the language they chose', () => {
    const introduction = (person: PersonAsked, number: number): HTMLElement =>
      show({}, IntroductionScreen, { current: group(person), person, number });
    expect(textOf(introduction(rose, 4))).toContain('After that we do nothing new');
    expect(textOf(introduction({ ...rose, reading: 'full' }, 2))).toContain('Your yes lasts 2 years.After that');
    expect(textOf(introduction(rose, 2))).not.toContain('Your yes');
    expect(textOf(introduction(rose, 3))).toContain('Your yes lasts 2 years.');
    const urdu = introduction(asked('Noor', all, 'ur'), 3);
    expect(urdu.querySelector('div[lang=ur][dir=rtl]')?.textContent).toContain('2 سال');
    expect(textOf(introduction(asked('Ola', all, 'pl'), 3))).toContain('Your yes lasts 2 years.');
  });

  it('is said where they check their answers, at the end, and on their receipt, to read and to hear', () => {
    const end = story(rose);
    for (const [screen, given] of [
      [CheckScreen, { current: group(rose), person: rose }], [FinishScreen, { story: end }], [ReceiptScreen, { story: end, number: 1 }],
    ] as const) {
      const page = show({ agreeing: {} }, screen, given);
      expect(textOf(page)).toContain(sentence);
      expect(textOf(page)).toContain('Listen');
      clear();
    }
  });

  it('is not said where it has no end', () => {
    const current = { ...group(rose), wording: { ...wording, months: null } };
    expect(textOf(show({ agreeing: {} }, CheckScreen, { current, person: rose }))).not.toContain('Your yes');
    expect(textOf(show({}, IntroductionScreen, { current, person: rose, number: 2 }))).toContain('Start the questions');
  });
});
