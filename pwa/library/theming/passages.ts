// The marks of excerpts beside a transcript: which words each is of, and changing its themes where it stands.
import type { Listening } from '../listening/listening';
import type { Board } from './board';
import { InPlace } from './in-place';

let lit: HTMLElement | null = null;

export function watchPassages(listening: readonly Listening[], board: Board): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest('[data-change-themes]');
    const themed = link?.closest<HTMLElement>('[data-themed]');
    if (!themed || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    InPlace.toggle(themed, board);
  });
  for (const name of ['mouseover', 'focusin']) {
    document.addEventListener(name, (event) => light(event.target as Element, listening));
  }
  document.addEventListener('toggle', ({ target }) => {
    (target as Element).querySelector('.passage__new')?.remove();
  }, true);
  window.addEventListener('hashchange', openAsked);
  openAsked();
}

/** Whoever is led to an excerpt finds it open. */
function openAsked(): void {
  const passage = location.hash.startsWith('#passage-') && document.getElementById(location.hash.slice(1));
  const details = passage && passage.querySelector('details');
  if (details) details.open = true;
}

function light(at: Element, listening: readonly Listening[]): void {
  const passage = at.closest<HTMLElement>('[data-passage]');
  if (passage === lit) return;
  lit = passage;
  const section = passage?.closest<HTMLElement>('[data-recording]')?.dataset.recording;
  for (const one of listening) {
    const times = passage && { start: Number(passage.dataset.from), end: Number(passage.dataset.to) };
    one.light(one.recording === section && times ? times : null);
  }
}
