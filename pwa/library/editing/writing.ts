// The passage that is open to be typed in, and what is done to it there.
import type { Autosave, Outcome } from './autosave';
import type { Drafts } from './drafts';
import { typingCommand, pressOf, type Command } from './keys';
import { wordsBefore } from './kept-words';
import type { Line } from './line';
import type { Lines } from './lines';
import { doubted, marked, sameWords, type Mark } from './marks';
import type { Corrected } from './segment';

export interface WritingAsks {
  /** The buttons that go with a passage. */
  tools(line: Line): HTMLElement;
  do(command: Command): boolean;
  say(words: string): void;
  /** Something could not be done. */
  failed(outcome: Outcome): void;
}

export class Writing {
  line: Line | null = null;
  private readonly lines: Lines;
  private readonly drafts: Drafts;
  private readonly autosave: Autosave;
  private readonly asks: WritingAsks;

  constructor(lines: Lines, drafts: Drafts, autosave: Autosave, asks: WritingAsks) {
    this.lines = lines;
    this.drafts = drafts;
    this.autosave = autosave;
    this.asks = asks;
  }

  open(line: Line, caret: number | null = line.caret): void {
    if (this.line === line) return line.field?.text.focus();
    this.close();
    this.lines.choose(line);
    const text = this.drafts.get(line.id)?.text ?? line.segment.text.trim();
    const field = line.open(text, caret, this.asks.tools(line));
    this.line = line;
    field.text.addEventListener('input', () => this.changed());
    field.text.addEventListener('keydown', (event) => this.press(event));
    field.text.addEventListener('blur', () => void this.autosave.save(line.id));
    keepInSight(line.root);
  }

  /** What was typed is sent; the words can be read again. */
  close(): void {
    const { line } = this;
    if (line === null) return;
    this.line = null;
    this.autosave.leaves(line.id);
    line.close();
    const draft = this.drafts.get(line.id);
    if (draft) line.words.textContent = draft.text;
  }

  /** The server has answered: an open field shows what it made of it, unless more was typed meanwhile. */
  settle(answer: Corrected): void {
    const { line } = this;
    if (line !== null && !this.lines.all.includes(line)) return this.forget(line);
    const field = line?.field;
    if (!line || !field || !answer.segments.some(({ id }) => id === line.id) || this.drafts.get(line.id)) return;
    const text = line.segment.text.trim();
    if (!sameWords(field.value, text)) field.write(text, Math.min(field.caret, text.length));
  }

  /** Whether something was typed that the server does not have. */
  get isAhead(): boolean {
    const { line } = this;
    return line?.field != null && !sameWords(line.field.value, line.segment.text);
  }

  mark(mark: Mark): void {
    this.rewrite((text, caret) => marked(text, caret, mark));
  }

  doubt(): void {
    this.rewrite(doubted);
  }

  async split(line: Line, caret: number): Promise<void> {
    const typing = this.line === line;
    const text = line.text;
    if (!(await this.isSaved())) return;
    const { words, text: was } = line.segment;
    const word = wordsBefore(words, text, caret);
    if (word <= 0 || word >= words.length) {
      return this.asks.say('Put the caret between two words first, then split there.');
    }
    const done = await this.autosave.act({ kind: 'split', segment: line.id, was, word });
    if (done.kind !== 'saved') return this.asks.failed(done);
    const second = this.lines.beside(line, 1);
    if (second && typing) this.open(second, 0);
    this.asks.say('It is two passages now.');
  }

  /** Two passages become the first of them. */
  async merge(first: Line | undefined, second: Line | undefined): Promise<void> {
    if (first === undefined || second === undefined) return this.asks.say('There is nothing to join it with.');
    const typing = this.line !== null;
    if (!(await this.isSaved())) return;
    const joint = first.segment.text.trim().length;
    const done = await this.autosave.act({ kind: 'merge', segment: first.id, was: first.segment.text, next: second.id });
    if (done.kind !== 'saved') return this.asks.failed(done);
    this.lines.choose(first);
    if (typing) {
      this.open(first, joint);
      first.field?.text.setSelectionRange(joint, joint);
    }
    this.asks.say('They are one passage now.');
  }

  private async isSaved(): Promise<boolean> {
    const saved = await this.autosave.flush();
    if (!saved) this.asks.say('Your words have to be saved first.');
    return saved;
  }

  private forget(line: Line): void {
    this.line = null;
    line.close();
  }

  private rewrite(make: (text: string, caret: number) => { text: string; caret: number }): void {
    const field = this.line?.field;
    if (!field) return;
    const made = make(field.value, field.caret);
    field.write(made.text, made.caret);
    field.text.focus();
    this.changed();
  }

  private changed(): void {
    const { line } = this;
    if (line?.field) this.autosave.typed(line.id, line.segment.text, line.field.value);
  }

  private press(event: KeyboardEvent): void {
    const text = event.currentTarget as HTMLTextAreaElement;
    const [start, end] = [text.selectionStart, text.selectionEnd];
    const caret = { atStart: end === 0, atEnd: start === text.value.length };
    const command = typingCommand(pressOf(event), caret);
    if (command === null) return;
    // Typing that is not sent yet is undone by the browser, letter by letter.
    if ((command === 'undo' || command === 'redo') && this.isAhead) return;
    event.stopPropagation();
    if (this.asks.do(command)) event.preventDefault();
  }
}

/** Under whatever sticks to the top of the window, and with room for what opens below. */
function keepInSight(part: HTMLElement): void {
  part.scrollIntoView({ block: 'nearest' });
}
