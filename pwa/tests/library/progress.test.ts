// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { goesOn, hasNews, pauseAfter, Watching, type Answer, type Step } from '../../library/listening/progress';

const step = (state: string, share = 0, left = ''): Step => ({ state, says: `It is ${state}.`, share, left });
const answer = (has_words: boolean, words: Step | null, speakers: Step | null = null): Answer => ({
  has_words,
  steps: { words, speakers, english: null },
});

describe('looking again', () => {
  it('is soon after something changed, and ever later while nothing does', () => {
    const pauses = [3000];
    for (let count = 0; count < 8; count += 1) pauses.push(pauseAfter(pauses.at(-1) as number, false));
    expect(pauses.slice(0, 3)).toEqual([3000, 4500, 6750]);
    expect(pauses.at(-1)).toBe(30_000);
    expect(pauseAfter(30_000, true)).toBe(3000);
  });

  it('goes on as long as a step may still change by itself', () => {
    expect(goesOn(answer(false, step('running')))).toBe(true);
    expect(goesOn(answer(false, step('blocked')))).toBe(true);
    expect(goesOn(answer(true, step('done'), step('waiting')))).toBe(true);
    expect(goesOn(answer(true, step('done'), step('failed')))).toBe(false);
    expect(goesOn(answer(false, step('failed')))).toBe(false);
    expect(goesOn(answer(false, null))).toBe(true);
    expect(goesOn(answer(true, null))).toBe(false);
  });

  it('has news when words came, or when a later step was done beside them', () => {
    expect(hasNews(answer(false, step('running')), answer(true, step('done'), step('waiting')))).toBe(true);
    expect(hasNews(answer(true, step('done'), step('running')), answer(true, step('done'), step('done')))).toBe(true);
    expect(hasNews(answer(true, step('done'), step('done')), answer(true, step('done'), step('done')))).toBe(false);
    expect(hasNews(answer(true, step('done'), step('running')), answer(true, step('done'), step('failed')))).toBe(false);
  });
});

/** The part of a page, and what the server answers, one after another. */
function page(now: Answer, answers: (Answer | number)[]): { root: HTMLElement; asked: () => number } {
  document.body.innerHTML = `<div data-progress="/recordings/1/progress">
    <div data-step="words"><p role="status" data-says>It is waiting.</p><progress max="100" value="0" hidden></progress>
      <span data-left></span></div>
    <div data-step="speakers" hidden><p data-says></p></div>
    <p data-news hidden>The words are here now.</p><p data-look-again><a href="">Look again</a></p></div>`;
  const root = document.body.firstElementChild as HTMLElement;
  root.dataset.now = JSON.stringify(now);
  let asked = 0;
  vi.stubGlobal('fetch', async () => {
    const told = answers[asked++];
    return typeof told === 'number' ? new Response('', { status: told }) : Response.json(told);
  });
  new Watching(root);
  return { root, asked: () => asked };
}

const part = (root: HTMLElement, selector: string) => root.querySelector<HTMLElement>(selector) as HTMLElement;

describe('an open page', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('shows how far it has got and how long it takes, and then that the words are here', async () => {
    const { root, asked } = page(answer(false, step('waiting')), [
      answer(false, step('running', 0.42, 'About 3 minutes left')),
      answer(true, step('done')),
    ]);
    expect(part(root, '[data-look-again]').hidden).toBe(true);
    await vi.advanceTimersByTimeAsync(3000);
    expect(part(root, '[data-says]').textContent).toBe('It is running.');
    expect((root.querySelector('progress') as HTMLProgressElement).value).toBe(42);
    expect(part(root, '[data-left]').textContent).toBe('About 3 minutes left');
    expect(part(root, '[data-news]').hidden).toBe(true);
    await vi.advanceTimersByTimeAsync(3000);
    expect(part(root, '[data-news]').hidden).toBe(false);
    expect(part(root, '[data-step="words"]').hidden).toBe(true);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked()).toBe(2);
  });

  it('shows that a later step failed, and asks no more', async () => {
    const { root, asked } = page(answer(true, step('done'), step('running')), [answer(true, step('done'), step('failed'))]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(part(root, '[data-step="speakers"]').textContent).toContain('It is failed.');
    expect([part(root, '[data-step="speakers"]').hidden, part(root, '[data-news]').hidden]).toEqual([false, true]);
    expect(asked()).toBe(1);
  });

  it('goes on when the server is away for a while', async () => {
    const { root } = page(answer(false, step('waiting')), [503, answer(true, step('done'))]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(part(root, '[data-news]').hidden).toBe(false);
  });

  it('offers the link again where it is told nothing any more', async () => {
    const { root, asked } = page(answer(false, step('waiting')), [404]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect([part(root, '[data-look-again]').hidden, asked()]).toEqual([false, 1]);
  });
});
