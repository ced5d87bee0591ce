import {
  draftOf, firstUnanswered, isComplete, isShown, mustChooseText, nameOf, textFor, wantsNoPart,
  type Conversation, type PersonAsked,
} from '../../domain/conversation';
import { mayCapture, type Answers } from '../../domain/consent';
import { go, to } from '../route';
import type { Beginning } from './beginning.svelte';

/** Where to go next: the way through consent, which is the same for one person and for each of a group. */

/** After somebody has a name; a changed one leads back to the summary. */
export function afterName(conversation: Conversation, person: PersonAsked): string {
  if (wasAsked(conversation, person)) return nextOpen(conversation, person);
  return conversation.isGroup ? firstWords(conversation, person) : to.place;
}

export function afterPlace(conversation: Conversation, person: PersonAsked): string {
  if (wasAsked(conversation, person)) return nextOpen(conversation, person);
  return conversation.isGroup ? to.name : firstWords(conversation, person);
}

/** The language where there is a choice, then the introduction, unless it was read to somebody here already. */
export function firstWords(conversation: Conversation, person: PersonAsked): string {
  if (mustChooseText(conversation, person)) return to.reading;
  return afterReading(conversation, person);
}

export function afterReading(conversation: Conversation, person: PersonAsked): string {
  if (wasAsked(conversation, person)) return nextOpen(conversation, person);
  const wasRead = conversation.heard.includes(nameOf(textFor(conversation, person)));
  return wasRead ? to.question(1) : to.introduction(1);
}

/** After the answer to the question at `index`, counted from 0. */
export function afterAnswer(conversation: Conversation, person: PersonAsked, index: number, change: boolean): string {
  if (wantsNoPart(person)) return to.refused;
  if (change) return nextOpen(conversation, person);
  return index === conversation.wording.uses.length - 1 ? to.whose : to.question(index + 2);
}

export function afterWhose(conversation: Conversation, person: PersonAsked): string {
  return wasAsked(conversation, person) ? nextOpen(conversation, person) : to.how;
}

export function afterHow(person: PersonAsked): string {
  return isShown(person) ? to.check : to.evidence;
}

/** Whoever has agreed to something is asked who they are, in a group once: those who are asked again have said it. */
export function afterCheck(person: PersonAsked): string | null {
  return person.again || !mayCapture(person.answers as Answers).anything ? null : to.about;
}

/** One person begins their story; of a group the next is asked. */
export function afterAgreeing(conversation: Conversation, beginning: Beginning): void {
  if (conversation.isGroup) go(to.group);
  else void beginning.of(conversation.projectId, draftOf(conversation));
}

/** They had said all of it, and are not led through it again for what they changed. */
function wasAsked(conversation: Conversation, person: PersonAsked): boolean {
  return isComplete(conversation, person) || person.outdated === true;
}

/** The first thing that is still to be said or shown, or the summary where there is none. */
export function nextOpen(conversation: Conversation, person: PersonAsked): string {
  if (isComplete(conversation, person)) return to.check;
  const open = firstUnanswered(conversation, person);
  if (!person.pseudonym) return to.name;
  if (open >= 0) return to.question(open + 1);
  if (!person.forWhom || (person.forWhom !== 'self' && !person.agreedBy.trim())) return to.whose;
  return person.how && !isShown(person) ? to.evidence : to.how;
}

/** What comes before the first question. */
export function beforeQuestions(conversation: Conversation): string {
  return conversation.isGroup ? to.name : to.place;
}
