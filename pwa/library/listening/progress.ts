// How the writing down of a recording goes on, while its page is open.

const SOONEST = 3000;
const LATEST = 30_000;
const SLOWER = 1.5;

export interface Step {
  readonly state: string;
  readonly says: string;
  readonly share: number;
  readonly left: string;
}

export interface Answer {
  readonly has_words: boolean;
  readonly steps: Readonly<Record<string, Step | null>>;
}

/** How long to wait before asking again: soon after something changed, then ever longer. */
export function pauseAfter(pause: number, changed: boolean): number {
  return changed ? SOONEST : Math.min(LATEST, pause * SLOWER);
}

/** Whether anything may still change by itself. */
export function goesOn({ has_words, steps }: Answer): boolean {
  const ended = ['done', 'failed', 'cancelled'];
  const all = Object.values(steps).filter((step) => step !== null);
  return all.some(({ state }) => !ended.includes(state)) || (all.length === 0 && !has_words);
}

/** What has come since an earlier answer, so that the page does not show it yet. */
export function hasNews(before: Answer, now: Answer): boolean {
  if (now.has_words && !before.has_words) return true;
  return Object.entries(now.steps).some(([name, step]) => {
    const earlier = before.steps[name];
    return step?.state === 'done' && before.has_words && (earlier ? earlier.state !== 'done' : true);
  });
}

/** Looks again by itself, and shows what it learns in place. Where it cannot, the link of the page is still there. */
export class Watching {
  private readonly root: HTMLElement;
  private readonly address: string;
  private readonly first: Answer;
  private last: string;
  private pause = SOONEST;

  /** The page says how it stood when it was made. */
  constructor(root: HTMLElement) {
    this.root = root;
    this.address = root.dataset.progress ?? '';
    this.last = root.dataset.now ?? '';
    this.first = JSON.parse(this.last) as Answer;
    if (!goesOn(this.first)) return;
    for (const link of root.querySelectorAll<HTMLElement>('[data-look-again]')) link.hidden = true;
    this.wait(SOONEST);
  }

  private wait(pause: number): void {
    setTimeout(() => {
      if (!document.hidden) return void this.look();
      document.addEventListener('visibilitychange', () => this.wait(0), { once: true });
    }, pause);
  }

  private async look(): Promise<void> {
    const found = await fetch(this.address, { headers: { Accept: 'application/json' } }).catch(() => null);
    const isOver = found !== null && (found.redirected || (!found.ok && found.status < 500));
    if (isOver) return this.offer(); // signed out, or it is gone: the link says which
    const answer = found?.ok ? ((await found.json().catch(() => null)) as Answer | null) : null;
    const told = JSON.stringify(answer);
    this.pause = pauseAfter(this.pause, answer !== null && told !== this.last);
    if (answer !== null) {
      this.last = told;
      this.show(answer, hasNews(this.first, answer));
      if (!goesOn(answer)) return;
    }
    this.wait(this.pause);
  }

  private show(answer: Answer, news: boolean): void {
    for (const [name, step] of Object.entries(answer.steps)) {
      const place = this.root.querySelector<HTMLElement>(`[data-step="${name}"]`);
      if (place && step) showStep(place, step, answer.has_words);
    }
    const said = this.root.querySelector<HTMLElement>('[data-news]');
    if (news && said?.hidden) said.hidden = false;
  }

  private offer(): void {
    for (const link of this.root.querySelectorAll<HTMLElement>('[data-look-again]')) link.hidden = false;
  }
}

function showStep(place: HTMLElement, step: Step, hasWords: boolean): void {
  place.hidden = step.state === 'done' || (hasWords && step.state === 'cancelled');
  put(place.querySelector('[data-says]'), step.says);
  put(place.querySelector('[data-left]'), step.left);
  const bar = place.querySelector('progress');
  if (bar === null) return;
  bar.hidden = step.state !== 'running';
  bar.value = Math.round(step.share * 100);
  put(bar, `${bar.value} %`);
}

function put(place: Element | null, words: string): void {
  if (place && place.textContent !== words) place.textContent = words;
}
