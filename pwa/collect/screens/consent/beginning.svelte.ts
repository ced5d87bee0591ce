import type { CollectApp } from '../../app-core';
import type { StoryDraft } from '../../domain/story';
import { problemOf } from '../../words';
import { conversation } from '../conversation.svelte';
import { goInstead, to } from '../route';

/** The moment in which what was agreed becomes a story: once, however often it is tapped. */
export class Beginning {
  saving = $state(false);
  /** Why nothing was kept, in words; empty while nothing went wrong. */
  failure = $state('');

  constructor(private readonly app: CollectApp) {}

  async of(projectId: string, draft: StoryDraft | null): Promise<void> {
    if (!draft || this.saving) return;
    this.saving = true;
    this.failure = '';
    try {
      const story = await this.app.startStory(projectId, draft);
      conversation.end();
      goInstead(to.story(story.id));
    } catch (refusal) {
      this.failure = problemOf(refusal);
      this.saving = false;
    }
  }
}
