import { beforeEach, describe, expect, it } from 'vitest';
import { conversation, draftOf } from '../../collect/screens/conversation.svelte';
import { USES } from '../../collect/domain/consent';
import type { Project } from '../../collect/domain/project';

const project: Project = {
  id: 'project',
  name: 'A project',
  introduction: '',
  isDemo: false,
  wording: {
    id: 'wording',
    version: 1,
    title: 'Before we start',
    introduction: '',
    uses: USES.map((use) => ({ use, question: '', explanation: '' })),
  },
  prompts: [],
  places: [],
};

function answerAll(): void {
  for (const use of USES) conversation.answer(use, use !== 'photos');
  conversation.set({ pseudonym: 'Maya', forWhom: 'self', how: 'spoken' });
}

describe('a conversation before its consent is confirmed', () => {
  beforeEach(() => conversation.begin(project));

  it('becomes a draft once every question has an answer', () => {
    answerAll();
    expect(draftOf(conversation.current!)).toMatchObject({
      wordingId: 'wording',
      pseudonym: 'Maya',
      place: '',
      answers: { record: true, photos: false },
    });
  });

  it.each(USES)('is no draft while nobody has answered about %s', (use) => {
    answerAll();
    conversation.set({ answers: { ...conversation.current!.answers, [use]: undefined } });
    expect(draftOf(conversation.current!)).toBeNull();
    expect(conversation.complete).toBe(false);
  });

  it('is no draft without a name, without whose story it is, or without how they answered', () => {
    for (const missing of [{ pseudonym: '' }, { forWhom: undefined }, { how: undefined }]) {
      answerAll();
      conversation.set(missing);
      expect(draftOf(conversation.current!)).toBeNull();
    }
  });
});
