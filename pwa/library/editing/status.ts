// How saving stands, in a line that is always true.
import type { Standing } from './autosave';

const WORDS: Readonly<Record<Standing, string>> = {
  saved: 'All changes are saved',
  saving: 'Saving…',
  offline: 'Not saved: no connection. Your words are kept here and will be sent.',
  busy: 'Not saved yet: the server is busy. Your words are kept here and will be sent.',
  'signed-out': 'Not saved: you are signed out. Your words are kept here.',
  empty: 'This passage has no words. It is taken out when you leave it. Undo brings it back.',
  waiting: 'Not saved: a passage needs you to choose.',
};

/** Shows it, and offers to sign in again beside it, in another tab. */
export class Status {
  private readonly line: HTMLElement;
  private readonly link: HTMLElement | null;
  private shown: Standing | null = null;

  constructor(line: HTMLElement, link: HTMLElement | null) {
    this.line = line;
    this.link = link;
  }

  show(standing: Standing): void {
    if (standing === this.shown) return;
    this.shown = standing;
    this.line.textContent = WORDS[standing];
    this.line.dataset.standing = standing;
    if (this.link) this.link.hidden = standing !== 'signed-out';
  }
}
