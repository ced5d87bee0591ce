// Asks before somebody takes back what somebody else did.
import type { Outcome } from './autosave';
import { button } from './choice';

type Others = Extract<Outcome, { kind: 'others' }>;

/** Whether it is meant. Escape and a press beside it leave everything as it is. */
export function isMeant({ by, now, before }: Others, page: HTMLElement): Promise<boolean> {
  const box = document.createElement('dialog');
  box.className = 'keys';
  const heading = document.createElement('h2');
  heading.className = 'nhsuk-heading-m';
  heading.id = 'others-heading';
  heading.append(said('bdi', by), ' changed this. Take it back?');
  box.setAttribute('aria-labelledby', heading.id);
  const sides = document.createElement('dl');
  sides.className = 'choice__sides';
  sides.append(side('What it says now', now));
  if (before !== now) sides.append(side('What it said before', before));
  const row = document.createElement('div');
  row.className = 'button-row';
  row.append(button('Leave it', () => box.close()), button('Take it back', () => box.close('yes')));
  box.append(heading, ...(before === now ? [said('p', 'It changed no words: only who speaks, or where a passage begins.')] : []), sides, row);
  page.append(box);
  return new Promise((answer) => {
    box.addEventListener('click', (event) => event.target === box && box.close());
    box.addEventListener('close', () => {
      box.remove();
      answer(box.returnValue === 'yes');
    });
    box.showModal();
  });
}

function side(name: string, words: string): HTMLElement {
  const pair = document.createElement('div');
  const part = said('dd', words || 'Nothing');
  part.dir = 'auto';
  pair.append(said('dt', name), part);
  return pair;
}

function said(kind: string, words: string): HTMLElement {
  const part = document.createElement(kind);
  part.textContent = words;
  return part;
}
