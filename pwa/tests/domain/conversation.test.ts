import { describe, expect, it } from 'vitest';
import { USES, type Answers, type EvidenceFile } from '../../collect/domain/consent';
import {
  changed, draftOf, isComplete, isShown, joinedBy, newConversation, newPerson, textFor, type Conversation, type PersonAsked,
} from '../../collect/domain/conversation';
import type { Wording, WordingText } from '../../collect/domain/wording';
import { afterAnswer, afterName, afterReading, afterWhose, nextOpen } from '../../collect/screens/consent/path';
import { to } from '../../collect/screens/route';

const uses = USES.map((use) => ({ use, question: '', explanation: '' }));
const text = (language: string, reading: 'full' | 'easy'): WordingText => ({
  language, reading, title: language + reading, introduction: '', uses,
});
const wording: Wording = {
  id: 'wording', version: 1, title: '', introduction: '', uses, texts: [text('en', 'full'), text('ur', 'easy')],
};
const yes = Object.fromEntries(USES.map((use) => [use, true])) as Answers;
const no = Object.fromEntries(USES.map((use) => [use, false])) as Answers;
const signature: EvidenceFile = { id: 'e', kind: 'signature', sha256: 's', type: 'image/png', size: 1, madeAt: 'now' };

const asked = (pseudonym: string, change: Partial<PersonAsked> = {}): PersonAsked => ({
  ...newPerson(), pseudonym, language: 'en', reading: 'full', answers: yes, forWhom: 'self', how: 'ticked',
  confirmed: true, ...change,
});
const group = (...people: PersonAsked[]): Conversation => ({
  ...newConversation('project', wording), isGroup: true, name: 'Tuesday carers', people,
});

describe('one person', () => {
  it('becomes a draft with one participant once everything is answered', () => {
    const one = { ...newConversation('project', wording), isGroup: false, people: [asked('Maya')] };
    expect(draftOf(one)).toMatchObject({ pseudonym: 'Maya', agreements: [{ pseudonym: 'Maya', text: text('en', 'full') }] });
  });

  it.each(USES)('is no draft while nobody has answered about %s', (use) => {
    const one = asked('Maya', { answers: { ...yes, [use]: undefined } });
    expect(draftOf(group(one))).toBeNull();
  });

  it('is no draft without a name, whose story it is, who agreed for a child, or how they agreed', () => {
    const gaps = [{ pseudonym: '' }, { forWhom: undefined }, { forWhom: 'child' as const }, { how: undefined }];
    for (const missing of gaps) expect(draftOf(group(asked('Maya', missing)))).toBeNull();
  });

  it.each([
    ['a child', 'child'], ['an adult', 'adult'],
  ] as const)('for %s is no draft without who agrees for them, and names them', (_whom, forWhom) => {
    expect(draftOf(group(asked('Maya', { forWhom, agreedBy: ' ' })))).toBeNull();
    const draft = draftOf(group(asked('Maya', { forWhom, agreedBy: 'the one who decides for them' })));
    expect(draft?.agreements).toMatchObject([{ forWhom, agreedBy: 'the one who decides for them' }]);
  });

  it('has agreed in the way they say only once it is shown', () => {
    expect(isShown(asked('Maya', { how: 'signed' }))).toBe(false);
    expect(isShown(asked('Maya', { how: 'signed', evidence: signature }))).toBe(true);
    expect(isShown(asked('Maya', { how: 'paper', evidence: signature }))).toBe(false);
    expect(isShown(asked('Maya', { how: 'spoken' }))).toBe(false);
    expect(isShown(asked('Maya', { how: 'spoken', witness: 'the ward sister' }))).toBe(true);
  });

  it('takes no evidence along of a way that they gave up', () => {
    const draft = draftOf(group(asked('Maya', { how: 'ticked', evidence: signature })));
    expect(draft?.agreements[0]?.evidence).toBeNull();
  });

  it('is asked in the language and the reading that they chose', () => {
    expect(textFor(group(), asked('Maya', { language: 'ur', reading: 'easy' }))).toEqual(text('ur', 'easy'));
    expect(textFor(group(), newPerson())).toEqual(text('en', 'full'));
  });
});

describe('a group', () => {
  it('is a draft once everybody has confirmed theirs', () => {
    expect(draftOf(group(asked('Maya'), asked('Sam', { confirmed: false })))).toBeNull();
    expect(draftOf(group(asked('Maya'), asked('Sam')))).toMatchObject({
      pseudonym: 'Tuesday carers', agreements: [{ pseudonym: 'Maya' }, { pseudonym: 'Sam' }],
    });
  });

  it('is no draft of nobody, nor of two with one name', () => {
    expect(draftOf(group())).toBeNull();
    expect(draftOf(group(asked('Maya'), asked('maya ')))).toBeNull();
  });

  it('hears an introduction once for all who read the same words', () => {
    const heard = { ...group(newPerson()), heard: ['en/full'] };
    expect(afterReading(heard, asked('Sam', { answers: {} }))).toBe(to.question(1));
    expect(afterReading(heard, asked('Sam', { answers: {}, language: 'ur', reading: 'easy' }))).toBe(to.introduction(1));
  });

  it('asks each for their own language first', () => {
    expect(afterName(group(newPerson()), { ...newPerson(), pseudonym: 'Sam' })).toBe(to.reading);
  });
});

describe('the way through', () => {
  it('ends at once for whoever says no to everything, and asks nobody to sign that', () => {
    const person = asked('Maya', { answers: no });
    expect(afterAnswer(group(person), person, USES.length - 1, false)).toBe(to.refused);
    const last = asked('Maya', { answers: { ...no, board: true } });
    expect(afterAnswer(group(last), last, USES.length - 1, false)).toBe(to.whose);
  });

  it('leads to the first thing that is missing', () => {
    const at = (change: Partial<PersonAsked>): string => nextOpen(group(), asked('Maya', change));
    expect(at({ pseudonym: '' })).toBe(to.name);
    expect(at({ answers: { ...yes, board: undefined } })).toBe(to.question(4));
    expect(at({ forWhom: 'adult' })).toBe(to.whose);
    expect(at({ how: undefined })).toBe(to.how);
    expect(at({ how: 'paper' })).toBe(to.evidence);
    expect(at({})).toBe(to.check);
  });

  it('leads whoever changed an answer after signing to signing again, and not through all of it', () => {
    const signed = asked('Maya', { how: 'signed', evidence: signature });
    const other = changed(signed, { answers: { ...yes, publication: false } });
    expect(afterAnswer(group(), other, 4, true)).toBe(to.evidence);
    expect(afterReading(group(), changed(signed, { language: 'ur', reading: 'easy' }))).toBe(to.evidence);
    expect(afterWhose(group(), changed(signed, { forWhom: 'adult', agreedBy: 'sister' }))).toBe(to.evidence);
    expect(afterWhose(group(), changed(signed, { forWhom: 'self' }))).toBe(to.check);
  });
});

describe('somebody who comes later', () => {
  const story = { conversationId: 'c', toldAt: '2026-11-21T10:00:00+00:00', pseudonym: 'Rose', place: 'Leeds', projectId: 'p' };
  const consent = {
    id: 'i', projectId: 'p', storyId: 's', wordingId: 'wording', answers: { ...yes, board: false }, how: 'signed' as const,
    forWhom: 'self' as const, givenAt: '', participantId: 'rose', language: 'ur', reading: 'easy' as const,
    evidence: signature,
  };
  const rose = { id: 'rose', pseudonym: 'Rose', receiptCode: '' };

  it('makes it a new part of the same sitting, in which everybody is asked again', () => {
    const joined = joinedBy(story, [rose], [consent], wording);
    expect(joined).toMatchObject({ isGroup: true, name: '', sitting: { id: 'c', startedAt: story.toldAt }, at: 1 });
    const [before, newcomer] = joined.people;
    expect(before).toMatchObject({ pseudonym: 'Rose', answers: { board: false }, again: true, confirmed: false, evidence: null });
    expect(before && isComplete(joined, before)).toBe(true);
    expect(newcomer).toMatchObject({ pseudonym: '', again: false });
    expect(draftOf({ ...joined, people: [before!] })).toBeNull();
  });

  it('asks every question again where the wording is another by now', () => {
    const [before] = joinedBy(story, [rose], [consent], { ...wording, id: 'newer' }).people;
    expect(before).toMatchObject({ pseudonym: 'Rose', answers: {}, again: false });
  });
});
