// The buttons under a passage that is open: marks, splitting and joining, and who speaks.
import type { Command } from './keys';
import type { Line } from './line';
import type { Lines } from './lines';
import type { Speakers } from './speakers';

export interface ToolsAsk {
  do(command: Command): void;
  name(lines: readonly Line[], speaker: string | null): void;
}

export class Tools {
  private readonly blank: HTMLTemplateElement;
  private readonly lines: Lines;
  private readonly speakers: Speakers;
  private readonly asks: ToolsAsk;

  constructor(blank: HTMLTemplateElement, lines: Lines, speakers: Speakers, asks: ToolsAsk) {
    this.blank = blank;
    this.lines = lines;
    this.speakers = speakers;
    this.asks = asks;
  }

  of(line: Line): HTMLElement {
    const root = (this.blank.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    // A press on a button leaves the caret, and a phone's keyboard, where they are.
    root.addEventListener('pointerdown', (event) => !isChoice(event.target) && event.preventDefault());
    root.addEventListener('mousedown', (event) => !isChoice(event.target) && event.preventDefault());
    root.addEventListener('click', (event) => this.click(event, line));
    root.querySelector('select')?.addEventListener('change', (event) => {
      const { value } = event.target as HTMLSelectElement;
      this.asks.name([line], value === '' ? null : value);
    });
    this.show(root, line);
    return root;
  }

  /** Who speaks may have changed. */
  renew(line: Line | null): void {
    const root = line?.root.querySelector<HTMLElement>('[data-tools]');
    if (root && line) this.show(root, line);
  }

  private show(root: HTMLElement, line: Line): void {
    const { speaker } = line.segment;
    const before = root.dataset.before ?? speaker?.id ?? '';
    root.dataset.before = before;
    const list = root.querySelector('select');
    if (list) this.speakers.offer(list, speaker?.id ?? '');
    const others = this.others(before, line);
    const one = `Confirm ${speaker?.name}${others.length > 0 ? ' here' : ''}`;
    offer(root.querySelector('[data-confirm]'), speaker?.suggested ? one : null, list);
    const isChanged = (speaker?.id ?? '') !== before;
    const may = speaker !== null && before !== '' && others.length > 0 && (isChanged || isGuessed(others));
    const many = isChanged
      ? `Change all ${others.length + 1} passages of ${this.nameOf(before)}`
      : `Confirm ${speaker?.name} in all ${others.length + 1} passages`;
    offer(root.querySelector('[data-all]'), may ? many : null, list);
  }

  /** The passages of one speaker but this. */
  private others(speaker: string, line: Line): Line[] {
    return this.lines.all.filter((other) => other !== line && other.segment.speaker?.id === speaker);
  }

  private nameOf(speaker: string): string {
    return this.speakers.all.find(({ id }) => id === speaker)?.name ?? 'this speaker';
  }

  private click(event: MouseEvent, line: Line): void {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest<HTMLElement>('[data-do], [data-all], [data-confirm]');
    if (!button) return;
    if (button.dataset.do) return this.asks.do(button.dataset.do as Command);
    const before = (button.closest('[data-tools]') as HTMLElement).dataset.before ?? '';
    const others = 'all' in button.dataset ? this.others(before, line) : [];
    this.asks.name([line, ...others], line.segment.speaker?.id ?? null);
  }
}

/** Show a button with these words, or none: then the keyboard, if it was there, goes to the list beside it. */
function offer(button: HTMLElement | null, words: string | null, beside: HTMLElement | null): void {
  if (!button) return;
  if (words === null && button === document.activeElement) beside?.focus();
  button.hidden = words === null;
  button.textContent = words ?? '';
}

function isGuessed(lines: readonly Line[]): boolean {
  return lines.some(({ segment }) => segment.speaker?.suggested);
}

function isChoice(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('select, label') !== null;
}
