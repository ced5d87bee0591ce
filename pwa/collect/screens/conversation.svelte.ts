import type { Answers, ForWhom, How, Use } from '../domain/consent';
import type { Project, Wording } from '../domain/project';
import type { StoryDraft } from '../domain/story';

/** A conversation before its consent is confirmed. Nothing of it has been captured or queued. */
export interface Conversation {
  projectId: string;
  /** The wording as it was when the conversation began: the one that is read aloud and agreed to. */
  wording: Wording;
  pseudonym: string;
  place: string;
  answers: Partial<Answers>;
  forWhom: ForWhom | undefined;
  how: How | undefined;
}

const KEY = 'earshot.conversation';

// A phone that is short of memory reloads a page that was out of sight; the answers given so far outlive that.
function restore(): Conversation | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Conversation | null;
  } catch {
    return null;
  }
}

let current = $state<Conversation | null>(restore());

function keep(): void {
  try {
    if (current) sessionStorage.setItem(KEY, JSON.stringify(current));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A full session store costs only this convenience.
  }
}

export const conversation = {
  get current() {
    return current;
  },
  /** True once every question has an answer: from then on, changing one leads back to the summary. */
  get complete(): boolean {
    return current !== null && draftOf(current) !== null;
  },
  begin(project: Project): void {
    current = {
      projectId: project.id,
      wording: project.wording,
      pseudonym: '',
      place: '',
      answers: {},
      forWhom: undefined,
      how: undefined,
    };
    keep();
  },
  set(change: Partial<Conversation>): void {
    if (!current) return;
    current = { ...current, ...change };
    keep();
  },
  answer(use: Use, yes: boolean): void {
    if (current) this.set({ answers: { ...current.answers, [use]: yes } });
  },
  end(): void {
    current = null;
    keep();
  },
};

/** The draft to save, or null while an answer is missing. */
export function draftOf(from: Conversation): StoryDraft | null {
  const { pseudonym, place, forWhom, how, wording } = from;
  const answers = Object.fromEntries(wording.uses.map(({ use }) => [use, from.answers[use]]));
  const complete = Object.values(answers).every((answer) => answer !== undefined);
  if (!pseudonym || !forWhom || !how || !complete) return null;
  return { wordingId: wording.id, answers: answers as Answers, how, forWhom, pseudonym, place };
}
