// The passages and themes on a story's page: what is done here goes to the server, and whatever it answers, or others do
// meanwhile, is put into the page where it belongs. Nothing that somebody holds is moved.
import type { Theme } from './codebook';
import { Keys } from './chooser';
import { Following } from './following';
import { morph } from './morph';
import { inWords, newBy, putsIn } from './news';
import { send, type Done } from './sending';

/** The words of one recording, as far as excerpts are drawn under them. */
export interface Drawn {
  readonly recording: string;
  /** Draw these words, by when they begin and end; false where the page has other words. */
  draw(words: HTMLElement): boolean;
}

const GONE = `<div class="empty"><h1 class="nhsuk-heading-m">This story is not here any more</h1>
  <p>It was taken back or held back while you were looking, or you may not see it now. Nothing more of it is shown.</p>
  <p><a href="/">Go to the first page</a></p></div>`;

export class Board {
  readonly keys = new Keys();
  themes: readonly Theme[] = [];
  private readonly root: HTMLElement;
  private readonly drawn: readonly Drawn[];
  private readonly following: Following;
  private readonly changed = new Set<() => void>();
  private waiting: string | null = null;
  private pressed = false;
  private unreachable = 0;

  constructor(root: HTMLElement, drawn: readonly Drawn[]) {
    this.root = root;
    this.drawn = drawn;
    this.learn();
    const { address = '', stamp = '' } = root.dataset;
    this.following = new Following(this.to(address), stamp, {
      changed: (html) => this.hear(html),
      reachable: (is) => this.reach(is),
      over: (why) => this.end(why),
    });
    document.documentElement.style.overflowAnchor = 'none'; // it is kept still here, and not twice
    document.addEventListener('pointerdown', () => (this.pressed = true));
    for (const name of ['pointerup', 'pointercancel']) document.addEventListener(name, () => this.release());
  }

  /** Be told whenever the page has changed. */
  whenChanged(act: () => void): void {
    this.changed.add(act);
  }

  /** Send it, and show what came of it; why it was not taken, or what was. */
  async send(address: string, fields: readonly (readonly [string, string])[]): Promise<{ trouble: string } | { done: Done }> {
    const outcome = await send(this.to(address), fields);
    if ('done' in outcome) {
      this.following.knows(outcome.done.stamp);
      this.waiting = null;
      this.put(outcome.done.html);
    }
    return outcome;
  }

  say(words: string): void {
    const line = document.getElementById('theming-news');
    if (line) line.textContent = words;
  }

  /** With whose themes the page shows. */
  private to(address: string): string {
    return `${address}?by=${encodeURIComponent(this.root.dataset.by ?? '')}`;
  }

  private learn(): void {
    this.themes = JSON.parse(this.root.dataset.codebook ?? '[]') as Theme[];
    this.keys.learn(JSON.parse(this.root.dataset.recent ?? '[]') as string[], this.themes);
  }

  /** What others did waits while a finger or a mouse is pressed. */
  private hear(html: string): void {
    if (this.pressed) this.waiting = html;
    else this.put(html);
  }

  private release(): void {
    this.pressed = false;
    const html = this.waiting;
    this.waiting = null;
    if (html !== null) setTimeout(() => this.put(html));
  }

  private put(html: string): void {
    const now = new DOMParser().parseFromString(html, 'text/html');
    const before = putsIn(document);
    let other: string[] = [];
    keepStill(() => {
      other = this.draw(now);
      const isOther = ({ id }: Element) => other.some((recording) => id.startsWith(`passages-${recording}-`));
      const pieces = [...document.querySelectorAll('[data-piece]')].filter((piece) => !isOther(piece));
      for (const piece of pieces) morph(piece, now.getElementById(piece.id) ?? emptied(piece));
    });
    this.learn();
    const news = newBy(before, putsIn(document));
    for (const { part } of news) markNew(part);
    if (news.length) this.say(inWords(news));
    if (other.length) this.say('Some words here have changed. Load the page again to see them.');
    for (const act of this.changed) act();
  }

  /** The recordings of which the page has other words than the server by now. */
  private draw(now: Document): string[] {
    return [...now.querySelectorAll<HTMLElement>('[data-words-of]')].flatMap((words) => {
      const recording = words.dataset.wordsOf ?? '';
      const drawn = this.drawn.find((one) => one.recording === recording);
      return drawn && !drawn.draw(words) ? [recording] : [];
    });
  }

  private reach(is: boolean): void {
    const before = this.unreachable;
    this.unreachable = is ? 0 : before + 1;
    if (this.unreachable === 2) this.say('There is no connection. What others do is shown when it is back.');
    if (is && before >= 2) this.say('The connection is back.');
  }

  private end(why: 'gone' | 'signed-out'): void {
    if (why === 'signed-out') return this.say('You are signed out. Load the page again to sign in.');
    for (const sound of document.querySelectorAll('audio')) sound.pause();
    document.title = 'Not here any more';
    const story = document.querySelector('.story');
    if (story) story.innerHTML = GONE;
  }
}

/** Whatever is held, or else looked at, stays where it is on the screen while the page changes around it. */
export function keepStill(act: () => void): void {
  const held = heldNow();
  const top = held?.getBoundingClientRect().top ?? 0;
  act();
  const moved = held?.isConnected ? held.getBoundingClientRect().top - top : 0;
  if (Math.abs(moved) > 1) window.scrollBy(0, moved);
}

function heldNow(): Element | undefined {
  const inSight = (element: Element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  };
  const focused = document.activeElement;
  const picked = document.querySelector('.word--picked');
  const candidates = [picked, focused === document.body ? null : focused, ...document.querySelectorAll('.story :hover')];
  const held = candidates.findLast((one): one is Element => one !== null && inSight(one));
  return held ?? [...document.querySelectorAll('.segment')].find(inSight);
}

/** Lists that the server has nothing for any more. */
function emptied(piece: Element): Element {
  const now = piece.cloneNode(false) as HTMLElement;
  now.hidden = piece.classList.contains('passages') || piece.hasAttribute('hidden');
  return now;
}

function markNew(part: string): void {
  const mark = document.querySelector(`[id="passage-${part}"] .passage__mark`);
  if (!mark || mark.querySelector('.passage__new')) return;
  const said = document.createElement('span');
  said.className = 'passage__new';
  said.dataset.kept = '';
  said.textContent = 'New';
  mark.append(said);
}
