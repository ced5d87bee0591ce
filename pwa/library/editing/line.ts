// One passage on the page: its time, who speaks, whether it was heard, and its words to read or to type in.
import { clockOf } from '../listening/clock';
import { wordAt, type Timed } from '../sound/in-step';
import { Field } from './field';
import { caretBefore } from './kept-words';
import { howHeard, type HowHeard } from './place';
import type { Segment, Stretch, TimedWord } from './segment';

const HEARD: Readonly<Record<HowHeard, string>> = { heard: '', partly: 'Partly heard', not: 'Not heard yet' };
/** A machine that gave a word less than this was guessing. */
const UNSURE = 0.4;

export class Line {
  readonly root: HTMLElement;
  segment: Segment;
  heard: HowHeard = 'not';
  field: Field | null = null;
  /** Where the caret last was, for keys that are pressed after leaving. */
  caret: number | null = null;
  private spans: HTMLElement[] = [];
  private times: Timed[] = [];
  private said: HTMLElement | undefined;

  /** The page already has its words; `render` writes them where it does not. */
  constructor(root: HTMLElement, segment: Segment) {
    this.root = root;
    this.segment = segment;
  }

  static read(root: HTMLElement): Line {
    const { dataset } = root;
    const spans = [...root.querySelectorAll<HTMLElement>('[data-words] [data-start]')];
    const words = spans.map((span): TimedWord => {
      const text = (span.dataset.space ?? ' ') + (span.textContent ?? '');
      return [text, Number(span.dataset.start), Number(span.dataset.end), null];
    });
    const name = root.querySelector('[data-speaker-name]')?.textContent?.trim() ?? '';
    const speaker = dataset.speaker ? { id: dataset.speaker, name, suggested: 'suggested' in dataset } : null;
    const line = new Line(root, { id: Number(dataset.segment), start_ms: Number(dataset.start), end_ms: Number(dataset.end),
      text: dataset.text ?? '', words, language: dataset.language ?? '', speaker });
    line.use(spans);
    return line;
  }

  get id(): number {
    return this.segment.id;
  }

  get words(): HTMLElement {
    return this.root.querySelector('[data-words]') as HTMLElement;
  }

  get stretch(): Timed {
    return { start: this.segment.start_ms, end: Math.max(this.segment.end_ms, this.segment.start_ms + 300) };
  }

  get text(): string {
    return this.field?.value ?? this.segment.text.trim();
  }

  /** What the server says of it now. */
  render(segment: Segment): void {
    this.segment = segment;
    const { root } = this;
    root.id = `segment-${segment.id}`;
    Object.assign(root.dataset, { segment: segment.id, start: segment.start_ms, end: segment.end_ms });
    const time = root.querySelector<HTMLElement>('[data-time]');
    if (time) {
      time.textContent = clockOf(segment.start_ms);
      time.setAttribute('aria-label', `Play from ${clockOf(segment.start_ms)}`);
    }
    const spans = segment.words.map(wordOf);
    this.words.lang = segment.language || this.words.lang;
    this.words.replaceChildren(...spans.flatMap((span, place) => [place > 0 ? (span.dataset.space ?? ' ') : '', span]));
    if (spans.length === 0) this.words.textContent = segment.text.trim() || 'No words';
    this.use(spans);
    this.showSpeaker();
    this.field?.settle(segment);
  }

  showSpeaker(): void {
    const { speaker } = this.segment;
    this.root.dataset.speaker = speaker?.id ?? '';
    const name = this.root.querySelector('[data-speaker-name]');
    if (name) name.textContent = speaker?.name ?? '';
    const guess = this.root.querySelector<HTMLElement>('[data-guess]');
    if (guess) guess.hidden = !speaker?.suggested;
  }

  /** Whether it was heard. What has changed since the page was made was heard or written by whoever sits here. */
  showHeard(heard: readonly Stretch[], changed = true): void {
    const before = this.heard;
    const known = this.times.length > 0 ? this.times : [this.stretch];
    this.heard = howHeard(known, heard);
    const mark = this.root.querySelector<HTMLElement>('[data-heard]');
    if (!mark || (before === this.heard && mark.dataset.heard === this.heard)) return;
    mark.dataset.heard = this.heard;
    this.root.dataset.how = this.heard;
    if (changed) mark.textContent = HEARD[this.heard] || `Heard by ${listed(['you', ...this.others])}`;
  }

  /** Mark the word that is said, in the field or in the words. */
  say(moment: number | null): void {
    if (this.field !== null) return moment === null ? this.field.say(-1) : this.field.say(moment);
    const now = moment === null ? undefined : this.spans[wordAt(this.times, moment)];
    if (now === this.said) return;
    this.said?.classList.remove('word--playing');
    now?.classList.add('word--playing');
    this.said = now;
  }

  /** Open it to be typed in, with the caret at a letter, or at the end. */
  open(text: string, caret: number | null, tools: HTMLElement): Field {
    this.say(null);
    const field = new Field(this.segment, `Words at ${clockOf(this.segment.start_ms)}`, text);
    this.field = field;
    field.root.lang = this.words.lang;
    this.words.hidden = true;
    this.words.after(field.root, tools);
    this.root.classList.add('line--open');
    field.text.focus({ preventScroll: true });
    const at = Math.min(caret ?? text.length, text.length);
    field.text.setSelectionRange(at, at);
    return field;
  }

  close(): void {
    this.caret = this.field?.caret ?? this.caret;
    this.field?.root.remove();
    this.field = null;
    this.root.querySelector('[data-tools]')?.remove();
    this.words.hidden = false;
    this.root.classList.remove('line--open');
  }

  /** Which letter a word of the page begins at, and when it is said. */
  at(target: EventTarget | null): { caret: number; moment: number } | null {
    const span = target instanceof Element ? target.closest<HTMLElement>('[data-start]') : null;
    const place = this.spans.indexOf(span as HTMLElement);
    const time = this.times[place];
    return time === undefined ? null : { caret: caretBefore(this.segment.words, place), moment: time.start };
  }

  /** The letter at which the word that is said begins. */
  caretAt(moment: number): number {
    return caretBefore(this.segment.words, Math.max(0, wordAt(this.times, moment)));
  }

  private get others(): string[] {
    return this.root.dataset.others?.split('\n').filter(Boolean) ?? [];
  }

  private use(spans: HTMLElement[]): void {
    this.spans = spans;
    this.said = undefined;
    this.times = this.segment.words.map(([, start, end]) => ({ start, end }));
  }
}

/** Ada, Mo and Sam. */
function listed(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join('');
}

function wordOf([text, start, end, chance]: TimedWord): HTMLElement {
  const span = document.createElement('span');
  span.className = chance !== null && chance < UNSURE ? 'word word--unsure' : 'word';
  span.dataset.start = String(start);
  span.dataset.end = String(end);
  const space = /^\s*/.exec(text)?.[0] ?? '';
  if (space !== ' ') span.dataset.space = space;
  span.textContent = text.slice(space.length);
  return span;
}
