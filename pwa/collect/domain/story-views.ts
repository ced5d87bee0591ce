import { mayCapture, type ConsentRecord } from './consent';
import type { EntryStanding } from './outbox';
import { partViews, type KeptParts } from './part-views';
import type { Project } from './project';
import { storyProblem, storyState } from './status';
import { participantsOf, type Problem, type Story, type StoryView, type Term } from './story';
import { together } from './together';

const UNKNOWN: Problem = { code: 'damaged_on_phone', message: null };

/** Every row about every story but the bytes. */
export interface Kept extends KeptParts {
  stories: Story[];
  consents: ConsentRecord[];
  entries: EntryStanding[];
}

/** What screens show of each story, newest first. */
export function storyViews(kept: Kept, projects: readonly Project[]): StoryView[] {
  const newestFirst = [...kept.stories].sort((a, b) => b.id.localeCompare(a.id));
  return newestFirst.map((story) => storyView(story, kept, projects));
}

/** Stories with a recording of which some is not in the outbox yet. */
export function openStories(kept: Pick<Kept, 'recordings'>): string[] {
  return kept.recordings.filter((part) => part.state !== 'queued').map((part) => part.storyId);
}

function storyView(story: Story, kept: Kept, projects: readonly Project[]): StoryView {
  const entries = kept.entries.filter((entry) => entry.storyId === story.id);
  const consents = kept.consents.filter((consent) => consent.storyId === story.id);
  const participants = participantsOf(story);
  // An answer that cannot be read may have been a no.
  const answersDamaged = consents.length < participants.length;
  // What all agreed to, also while the story is held back: those who told it see this, and must not learn of a worry.
  const agreed = together(participants, consents);
  const parts = partViews(story.id, kept, entries);
  return {
    ...story,
    projectName: projects.find((project) => project.id === story.projectId)?.name ?? '',
    language: consents.find(({ language }) => language)?.language ?? null,
    participants,
    together: agreed,
    terms: participants.map(({ id }) => termOf(consents.find(({ participantId = '' }) => participantId === id))),
    answersDamaged,
    may: mayCapture(agreed.answers, story.withoutRecording),
    parts,
    state: storyState(entries, openStories(kept).includes(story.id)),
    total: entries.length,
    unsent: entries.filter((entry) => entry.state !== 'stored').length,
    problem: storyProblem(entries) ?? (answersDamaged ? { ...UNKNOWN, entryId: story.id } : null),
    notices: entries.flatMap((entry) => entry.notices),
  };
}

function termOf(consent: ConsentRecord | undefined): Term | null {
  return consent?.months ? { months: consent.months, language: consent.language ?? '' } : null;
}
