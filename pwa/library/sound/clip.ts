// An excerpt's own few seconds, with its words in step.
import { wordAt, type Timed } from './in-step';

/** Marks the playing word in every `[data-clip]` that holds a player and timed words. */
export function followClips(root: ParentNode): void {
  for (const clip of root.querySelectorAll<HTMLElement>('[data-clip]')) follow(clip);
}

function follow(clip: HTMLElement): void {
  const sound = clip.querySelector('audio');
  const spans = [...clip.querySelectorAll<HTMLElement>('[data-words] [data-start]')];
  if (!sound || spans.length === 0) return;
  const words: Timed[] = spans.map(({ dataset }) => ({ start: Number(dataset.start), end: Number(dataset.end) }));
  let marked: HTMLElement | undefined;

  const mark = (): void => {
    const now = sound.ended ? undefined : spans[wordAt(words, sound.currentTime * 1000)];
    if (now === marked) return;
    marked?.classList.remove('word--playing');
    now?.classList.add('word--playing');
    marked = now;
  };
  // `timeupdate` comes four times a second, too seldom for words: look at every frame while it plays.
  const watch = (): void => {
    mark();
    if (!sound.paused && !sound.ended) requestAnimationFrame(watch);
  };
  sound.addEventListener('play', watch);
  for (const name of ['seeked', 'ended']) sound.addEventListener(name, mark);
}
