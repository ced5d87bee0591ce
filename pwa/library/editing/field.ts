// The words of one passage while they are being typed: a text field as high as its words, over a copy of them in which
// the word that is said is marked.
import { placesOf, type Place } from './kept-words';
import type { Segment } from './segment';

export class Field {
  readonly root: HTMLElement;
  readonly text: HTMLTextAreaElement;
  private readonly copy: HTMLElement;
  private segment: Segment;
  private places: Place[] = [];
  private marked: Place | null = null;

  constructor(segment: Segment, name: string, text: string) {
    this.segment = segment;
    this.root = document.createElement('div');
    this.root.className = 'field';
    this.copy = document.createElement('div');
    this.copy.className = 'field__copy';
    this.copy.setAttribute('aria-hidden', 'true');
    this.text = document.createElement('textarea');
    this.text.className = 'field__text';
    this.text.rows = 1;
    this.text.setAttribute('aria-label', name);
    this.text.setAttribute('autocomplete', 'off');
    for (const part of [this.copy, this.text]) part.dir = 'auto';
    this.root.append(this.copy, this.text);
    this.text.addEventListener('input', () => this.read());
    this.write(text, text.length);
  }

  get value(): string {
    return this.text.value;
  }

  get caret(): number {
    return this.text.selectionStart;
  }

  /** Somebody's text, with the caret in it. */
  write(text: string, caret: number): void {
    this.text.value = text;
    this.text.setSelectionRange(caret, caret);
    this.read();
  }

  /** The server has it now; what was typed meanwhile stays. */
  settle(segment: Segment): void {
    this.segment = segment;
    this.read();
  }

  /** Mark what is said at a moment. */
  say(moment: number): void {
    const now = this.places.findLast(({ start }) => start <= moment) ?? null;
    if (now?.from === this.marked?.from && now?.to === this.marked?.to) return;
    this.show(now);
  }

  private read(): void {
    const { words, start_ms, end_ms } = this.segment;
    this.places = placesOf(words, this.value, start_ms, end_ms);
    this.show(null);
  }

  /** The copy holds the same letters, and one more so that a last line that is empty has its height. */
  private show(place: Place | null): void {
    this.marked = place;
    const text = this.value;
    if (place === null) return this.copy.replaceChildren(`${text}\u200b`);
    const word = document.createElement('span');
    word.className = 'word--playing';
    word.textContent = text.slice(place.from, place.to);
    this.copy.replaceChildren(text.slice(0, place.from), word, `${text.slice(place.to)}\u200b`);
  }
}
