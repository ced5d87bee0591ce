// The passages of a transcript, in order: which is said, which is current, and what a correction did to them.
import { wordAt, type Timed } from '../sound/in-step';
import { Line } from './line';
import { heardInWords, unheardFrom, type HowHeard } from './place';
import type { Corrected, Segment, Stretch } from './segment';

export class Lines {
  all: Line[];
  current: Line | null = null;
  private readonly list: HTMLElement;
  private readonly blank: HTMLTemplateElement;
  private said: Line | null = null;
  private times: readonly Timed[] | null = null;

  constructor(list: HTMLElement, blank: HTMLTemplateElement, heard: readonly Stretch[]) {
    this.list = list;
    this.blank = blank;
    this.all = [...list.querySelectorAll<HTMLElement>('[data-segment]')].map((root) => Line.read(root));
    for (const line of this.all) line.showHeard(heard, false);
  }

  get(id: number): Line | undefined {
    return this.all.find((line) => line.id === id);
  }

  of(target: EventTarget | null): Line | undefined {
    const root = target instanceof Element ? target.closest('[data-segment]') : null;
    return root === null ? undefined : this.all.find((line) => line.root === root);
  }

  beside(line: Line | null, step: 1 | -1): Line | undefined {
    const place = line === null ? -1 : this.all.indexOf(line);
    return this.all[place < 0 ? 0 : place + step];
  }

  /** The passage that is said at a moment, or the one before it. */
  at(moment: number): Line | undefined {
    this.times ??= this.all.map(({ stretch }) => stretch);
    return this.all[wordAt(this.times, moment)];
  }

  get states(): HowHeard[] {
    return this.all.map(({ heard }) => heard);
  }

  unheard(from: Line | null, step: 1 | -1): Line | undefined {
    return this.all[unheardFrom(this.states, from === null ? -1 : this.all.indexOf(from), step)];
  }

  get heardInWords(): string {
    return heardInWords(this.states);
  }

  /** Mark the word that is said; whether another passage is said than before. */
  say(moment: number, begun: boolean): boolean {
    const line = begun ? (this.at(moment) ?? null) : null;
    const before = this.said;
    if (before !== line) before?.say(null);
    before?.root.classList.toggle('line--said', before === line);
    line?.root.classList.add('line--said');
    line?.say(moment);
    this.said = line;
    return before !== line;
  }

  get saidNow(): Line | null {
    return this.said;
  }

  showHeard(heard: readonly Stretch[]): void {
    for (const line of this.all) line.showHeard(heard);
  }

  /** Only one passage can be reached with Tab; arrow keys move on from it. */
  choose(line: Line): void {
    for (const other of [this.current, line]) {
      const is = other === line;
      other?.root.classList.toggle('line--current', is);
      other?.words.setAttribute('tabindex', is ? '0' : '-1');
    }
    this.current = line;
  }

  /** What the server made of the passages. */
  apply(answer: Corrected): void {
    this.times = null;
    for (const id of answer.gone) this.remove(id);
    let before: Line | undefined;
    for (const segment of answer.segments) {
      const line = this.get(segment.id) ?? this.add(segment, before);
      line.render(segment);
      before = line;
    }
    this.showHeard(answer.heard);
  }

  private remove(id: number): void {
    const line = this.get(id);
    if (line === undefined) return;
    if (this.current === line) this.choose(this.beside(line, -1) ?? this.beside(line, 1) ?? line);
    if (this.said === line) this.said = null;
    line.root.remove();
    this.all = this.all.filter((other) => other !== line);
  }

  private add(segment: Segment, before: Line | undefined): Line {
    const root = (this.blank.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    const line = new Line(root, segment);
    const place = before === undefined
      ? this.all.findIndex(({ segment: other }) => other.start_ms > segment.start_ms)
      : this.all.indexOf(before) + 1;
    const next = place < 0 ? undefined : this.all[place];
    this.list.insertBefore(root, next?.root ?? null);
    this.all.splice(place < 0 ? this.all.length : place, 0, line);
    return line;
  }
}
