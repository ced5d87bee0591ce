import { mayCapture, noAnswers, type ConsentRecord } from './consent';
import type { EntryStanding } from './outbox';
import type { Project } from './project';
import { partState, problemOf, storyProblem, storyState } from './status';
import type { PartView, Photo, Quote, Recording, Story, StoryView } from './story';

/** Every row about every story but the bytes. */
export interface Kept {
  stories: Story[];
  consents: ConsentRecord[];
  quotes: Quote[];
  photos: Photo[];
  recordings: Recording[];
  entries: EntryStanding[];
}

/** What screens show of each story, newest first. */
export function storyViews(kept: Kept, projects: readonly Project[]): StoryView[] {
  const newestFirst = [...kept.stories].sort((a, b) => b.id.localeCompare(a.id));
  return newestFirst.map((story) => storyView(story, kept, projects));
}

/** Stories with a recording that no entry stands for yet. */
export function openStories(kept: Kept): string[] {
  return kept.recordings.filter((part) => part.state === 'open').map((part) => part.storyId);
}

function storyView(story: Story, kept: Kept, projects: readonly Project[]): StoryView {
  const entries = kept.entries.filter((entry) => entry.storyId === story.id);
  const answers = kept.consents.find((consent) => consent.storyId === story.id)?.answers ?? noAnswers();
  const parts = partViews(story.id, kept, entries);
  return {
    ...story,
    projectName: projects.find((project) => project.id === story.projectId)?.name ?? '',
    answers,
    may: mayCapture(answers),
    parts,
    state: storyState(entries, parts.some((part) => part.state === 'open')),
    total: entries.length,
    unsent: entries.filter((entry) => entry.state !== 'stored').length,
    problem: storyProblem(entries),
    notices: entries.flatMap((entry) => entry.notices),
  };
}

function partViews(storyId: string, kept: Kept, entries: EntryStanding[]): PartView[] {
  const blank = { durationMs: null, ended: null, text: null, description: null };
  const mine = <Part extends { storyId: string }>(parts: Part[]): Part[] =>
    parts.filter((part) => part.storyId === storyId);
  const found = [
    ...mine(kept.recordings).map((part) => ({
      part,
      view: { ...blank, kind: 'recording' as const, at: part.startedAt, bytes: part.size,
        durationMs: part.durationMs, ended: part.ended },
    })),
    ...mine(kept.photos).map((part) => ({
      part,
      view: { ...blank, kind: 'photo' as const, at: part.takenAt, bytes: part.size, description: part.description },
    })),
    ...mine(kept.quotes).map((part) => ({
      part,
      view: { ...blank, kind: 'quote' as const, at: part.writtenAt, bytes: part.text.length, text: part.text },
    })),
  ];
  return found
    .sort((a, b) => a.part.position - b.part.position)
    .map(({ part: { id }, view }) => {
      const entry = entries.find((candidate) => candidate.id === id);
      const sentBytes = entry?.sentBytes ?? 0;
      return { ...view, id, storyId, sentBytes, state: partState(entry), problem: problemOf(entry) };
    });
}
