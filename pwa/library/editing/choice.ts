// Somebody else changed a passage while it was being written here: both texts, and a choice.
import type { Draft } from './drafts';

export interface Choices {
  /** Mine in the place of what is there. */
  mine(): void;
  theirs(): void;
}

/** `now` is what it says on the server, where that is known; a passage that is not there any more takes no words. */
export function choiceOf(draft: Draft, now: string | null, isThere: boolean, why: string, choices: Choices): HTMLElement {
  const box = document.createElement('div');
  box.className = 'choice';
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', why);
  box.append(line('p', why, 'choice__why'));
  const sides = document.createElement('dl');
  sides.className = 'choice__sides';
  if (now !== null) sides.append(side('What it says now', now));
  sides.append(side('What you wrote', draft.text));
  const row = document.createElement('div');
  row.className = 'button-row';
  row.append(button(isThere ? 'Keep what is there' : 'Let my words go', choices.theirs));
  if (isThere) row.append(button('Put mine in its place', choices.mine));
  box.append(sides, row);
  return box;
}

function side(name: string, words: string): HTMLElement {
  const pair = document.createElement('div');
  const said = line('dd', words || 'Nothing', 'choice__words');
  said.dir = 'auto';
  pair.append(line('dt', name), said);
  return pair;
}

function line(kind: string, words: string, style = ''): HTMLElement {
  const part = document.createElement(kind);
  part.textContent = words;
  part.className = style;
  return part;
}

export function button(words: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'tool';
  made.textContent = words;
  made.addEventListener('click', act);
  return made;
}
