// The words of one recording on the page: which is said, which has the focus, and which are chosen.
import { wordAt, type Timed } from '../sound/in-step';
import { wordAfter, wordMove, type WordMove } from './keys';
import { extended, firstOf, lastOf, stretchOf, timesOf, type Stretch } from './stretch';
import { shouldFollow } from './view';

/** What the transcript asks of the rest of the page. */
export interface Asks {
  play(moment: number): void;
  toggle(): void;
  chosen(stretch: Stretch | null): void;
  excerpt(): void;
  /** A key with a number on it, while words are chosen. */
  theme(number: number): void;
  make(): void;
  undo(): void;
}

/** Words are spoken about by their place. One of them at a time can be reached with Tab; arrow keys move on from it. */
export class Transcript {
  readonly words: readonly Timed[];
  stretch: Stretch | null = null;
  private readonly root: HTMLElement;
  private readonly spans: readonly HTMLElement[];
  private readonly starts: readonly number[];
  private readonly asks: Asks;
  private said = -1;
  private current = 0;

  constructor(root: HTMLElement, asks: Asks) {
    this.root = root;
    this.asks = asks;
    this.spans = [...root.querySelectorAll<HTMLElement>('[data-start]')];
    this.words = this.spans.map(({ dataset }) => ({ start: Number(dataset.start), end: Number(dataset.end) }));
    const firsts = [...root.querySelectorAll<HTMLElement>('.segment')].map((part) => part.querySelector('[data-start]'));
    this.starts = firsts.map((span) => this.spans.indexOf(span as HTMLElement)).filter((place) => place >= 0);
    this.reach(0);
    this.listen();
  }

  span(place: number): HTMLElement | undefined {
    return this.spans[place];
  }

  /** Mark what is said at a moment and, while it plays, keep it in sight under whatever covers the top of the window. */
  say(moment: number, playing: boolean, covered: number): void {
    const now = playing || moment > 0 ? wordAt(this.words, moment) : -1;
    if (now === this.said) return;
    const before = this.spans[this.said];
    const span = this.spans[now];
    before?.classList.remove('word--playing');
    span?.classList.add('word--playing');
    this.said = now;
    if (span === undefined || !playing || this.isBusy()) return;
    const seen = { top: covered, bottom: window.innerHeight };
    if (shouldFollow(before?.getBoundingClientRect() ?? null, span.getBoundingClientRect(), seen)) {
      span.scrollIntoView({ block: 'center', behavior: 'smooth' });
    }
  }

  /** Whether the word that is said can be seen under whatever covers the top of the window. */
  isInSight(covered: number): boolean {
    const band = this.spans[this.said]?.getBoundingClientRect();
    return band !== undefined && band.top >= covered && band.bottom <= window.innerHeight;
  }

  choose(stretch: Stretch | null): void {
    this.stretch = stretch;
    const [first, last] = stretch === null ? [1, 0] : [firstOf(stretch), lastOf(stretch)];
    this.spans.forEach((span, place) => span.classList.toggle('word--picked', place >= first && place <= last));
    this.asks.chosen(stretch);
  }

  /** Choose what the browser's own selection touches, if it touches words of this transcript. */
  chooseSelected(): void {
    const selection = window.getSelection();
    if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.root)) return;
    const stretch = stretchOf(this.spans.map((span) => touches(range, span)));
    if (stretch !== null) this.choose(stretch);
  }

  /** Draw the lines of `now` under the words that it has, and none under the others; false where it has other words. */
  draw(now: Element): boolean {
    const drawn = new Map([...now.querySelectorAll<HTMLElement>('[data-start]')].map((word) => [keyOf(word), word]));
    const known = new Set(this.spans.map(keyOf));
    if ([...drawn.keys()].some((key) => !known.has(key))) return false;
    for (const span of this.spans) {
      const word = drawn.get(keyOf(span));
      if (word ? span.innerHTML === word.innerHTML : span.childElementCount === 0) continue;
      if (word) span.replaceChildren(...[...word.childNodes].map((node) => document.importNode(node, true)));
      else span.textContent = span.textContent ?? '';
    }
    return true;
  }

  /** The words that an excerpt from one moment to another is of, or of none. */
  light(passage: Timed | null): void {
    this.spans.forEach((span, place) => {
      const word = this.words[place];
      const lit = passage !== null && word !== undefined && passage.start <= word.start && word.end <= passage.end;
      span.classList.toggle('word--lit', lit);
    });
  }

  focus(place = this.current): void {
    this.reach(place);
    this.spans[this.current]?.focus();
  }

  times(): Timed | null {
    return this.stretch === null ? null : timesOf(this.stretch, this.words);
  }

  private listen(): void {
    this.root.addEventListener('click', (event) => this.click(event));
    this.root.addEventListener('keydown', (event) => this.press(event));
  }

  private click(event: MouseEvent): void {
    const selection = window.getSelection();
    const place = this.placeOf(event.target);
    if (place < 0 || (selection !== null && !selection.isCollapsed)) return;
    if (event.shiftKey) return this.choose(extended(this.stretch, this.current, place));
    if (this.stretch !== null) this.choose(null);
    this.focus(place);
    this.asks.play(this.words[place]?.start ?? 0);
  }

  private press(event: KeyboardEvent): void {
    const move = wordMove(event, this.stretch !== null);
    if (move === null || this.placeOf(event.target) < 0) return;
    event.preventDefault();
    if (typeof move === 'number') return this.asks.theme(move);
    this.do(move, event.shiftKey);
  }

  private do(move: WordMove, choosing: boolean): void {
    if (move === 'play') return this.asks.play(this.words[this.current]?.start ?? 0);
    if (move === 'toggle') return this.asks.toggle();
    if (move === 'leave') return this.choose(null);
    if (move === 'make') return this.asks.make();
    if (move === 'undo') return this.asks.undo();
    if (move === 'excerpt') {
      if (this.stretch === null) this.choose({ anchor: this.current, focus: this.current });
      return this.asks.excerpt();
    }
    const to = wordAfter(move, this.current, this.starts, this.spans.length);
    if (choosing) this.choose(extended(this.stretch, this.current, to));
    else if (this.stretch !== null) this.choose(null);
    this.focus(to);
  }

  /** The place of the word that something happened on, or of the first word of the segment whose time it is. */
  private placeOf(target: EventTarget | null): number {
    if (!(target instanceof Element)) return -1;
    const time = target.closest('[data-time]');
    const span = time ? time.parentElement?.querySelector('[data-start]') : target.closest('[data-start]');
    return this.spans.indexOf(span as HTMLElement);
  }

  private reach(place: number): void {
    const old = this.spans[this.current];
    old?.removeAttribute('tabindex');
    old?.removeAttribute('role');
    this.current = place;
    const span = this.spans[place];
    if (!span) return;
    span.tabIndex = 0;
    span.setAttribute('role', 'button');
  }

  private isBusy(): boolean {
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    return still || this.stretch !== null || window.getSelection()?.isCollapsed === false;
  }
}

function keyOf({ dataset, textContent }: HTMLElement): string {
  return `${dataset.start}-${dataset.end}-${textContent}`;
}

/** Whether a selection holds any letter of a word: one that only ends where the word begins does not. */
function touches(range: Range, span: HTMLElement): boolean {
  const word = document.createRange();
  word.selectNodeContents(span);
  return (
    range.compareBoundaryPoints(Range.START_TO_END, word) > 0 && range.compareBoundaryPoints(Range.END_TO_START, word) < 0
  );
}
