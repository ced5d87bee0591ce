// The form that makes an excerpt of the chosen words. It opens beside them; on a phone, at the bottom of the window.
import type { Timed } from '../sound/in-step';
import type { Board } from '../theming/board';
import { Chooser, isSame, type Choice } from '../theming/chooser';
import { KEPT } from '../theming/morph';
import { ME } from '../theming/news';
import { clockOf } from './clock';
import { leftOf, topOf } from './view';

/** Pixels between the words and the form, and between it and the edge of the window. */
const MARGIN = 8;

/** What was done a moment ago, to take it off again. */
interface Last {
  readonly excerpt: string;
  readonly themes: readonly string[];
  readonly isNew: boolean;
}

export class Picker {
  private readonly form: HTMLFormElement;
  private readonly section: HTMLElement;
  private readonly board: Board;
  private readonly asks: { listen(): void; close(): void };
  private readonly chooser: Chooser;
  private chosen: readonly Choice[] = [];
  private last: Last | null = null;
  private sending = '';

  constructor(form: HTMLFormElement, section: HTMLElement, board: Board, asks: { listen(): void; close(): void }) {
    this.form = form;
    this.section = section;
    this.board = board;
    this.asks = asks;
    this.chooser = new Chooser(form.querySelector('[data-chooser]') as HTMLElement, {
      pick: (choice) => this.choose([...this.chosen.filter((one) => 'theme' in one || 'theme' in choice), choice]),
      drop: (choice) => this.choose(this.chosen.filter((one) => !isSame(one, choice))),
      enter: () => void this.make(),
      leave: () => asks.close(),
    });
    const learn = () => this.chooser.learn(board.themes, board.keys.ids);
    board.whenChanged(learn);
    learn();
    form.querySelector('[data-listen]')?.addEventListener('click', () => asks.listen());
    form.querySelector('[data-close]')?.addEventListener('click', () => asks.close());
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') asks.close();
    });
    form.addEventListener('submit', (event) => {
      if (event.submitter?.hasAttribute('data-withhold')) return;
      event.preventDefault();
      void this.make();
    });
  }

  /** Open for words said between two times, beside the spans that hold the first and the last of them. */
  open(times: Timed, first: HTMLElement, last: HTMLElement): void {
    this.put('[data-start-ms]', String(times.start));
    this.put('[data-end-ms]', String(times.end));
    const stretch = this.form.querySelector('[data-stretch]');
    if (stretch) stretch.textContent = `${clockOf(times.start)} to ${clockOf(times.end)}`;
    this.form.hidden = false;
    this.section.classList.add('listening--picking');
    this.place(first.getBoundingClientRect(), last.getBoundingClientRect());
    this.uncover(last);
  }

  close(): void {
    this.form.hidden = true;
    this.section.classList.remove('listening--picking');
    this.choose([]);
    this.explain('');
  }

  focus(): void {
    this.chooser.focus();
  }

  /** Choose the theme of a key, or leave it out. */
  press(number: number): void {
    if (!this.form.hidden) this.chooser.press(number);
  }

  /** Make the excerpt with what is chosen. Where that fails, what is chosen stays. */
  async make(): Promise<void> {
    const stretch = this.stretch;
    if (this.sending === stretch || this.form.hidden) return;
    this.sending = stretch;
    this.explain('');
    const chosen = this.chosen;
    const before = new Map([...document.querySelectorAll<HTMLElement>('[data-passage]')].map((one) => [one.id, mineOn(one)]));
    const outcome = await this.board.send(this.form.getAttribute('action') ?? '', this.fields());
    this.sending = '';
    // Whoever goes on fast has chosen the next words by now.
    const isOpen = !this.form.hidden && this.stretch === stretch;
    if ('trouble' in outcome) return isOpen ? this.explain(outcome.trouble) : this.board.say(outcome.trouble);
    const id = outcome.done.made ?? '';
    const there = before.get(`passage-${id}`);
    const names = chosen.map((choice) => ('theme' in choice ? choice.theme.name : choice.name));
    const put = this.board.themes.filter(({ id: theme, name }) => names.includes(name) && !there?.includes(theme));
    for (const theme of put) this.board.keys.use(theme.id);
    this.last = { excerpt: id, themes: put.map((theme) => theme.id), isNew: there === undefined };
    if (isOpen) this.asks.close();
    this.chooser.learn(this.board.themes, this.board.keys.ids);
    this.tell(id);
    this.board.say(names.length ? `Made, with ${names.join(', ')}.` : 'Made, with no theme yet.');
  }

  /** Take off again what was made last. */
  async undo(): Promise<void> {
    const last = this.last;
    if (last === null) return;
    const fields = last.themes.map((theme): [string, string] => ['theme', theme]);
    const outcome = await this.board.send(`/excerpts/${last.excerpt}/take-back`, last.isNew ? [...fields, ['made', '1']] : fields);
    if ('trouble' in outcome) return this.board.say(outcome.trouble);
    this.last = null;
    document.querySelectorAll('.made').forEach((line) => line.remove());
    this.board.say('It is taken off again.');
  }

  /** Which words are chosen. */
  private get stretch(): string {
    const times = [...this.form.querySelectorAll<HTMLInputElement>('[data-start-ms], [data-end-ms]')];
    return times.map(({ value }) => value).join(' to ');
  }

  private choose(chosen: readonly Choice[]): void {
    this.chosen = chosen;
    this.chooser.show(chosen);
  }

  private fields(): [string, string][] {
    const own = [...this.form.querySelectorAll<HTMLInputElement>('input[type=hidden]')].map(({ name, value }): [string, string] => [name, value]);
    return [...own, ...this.chosen.map((choice): [string, string] =>
      'theme' in choice ? ['theme', choice.theme.id] : ['new_theme', choice.name])];
  }

  /** Where the excerpt is now, and the way to take it off again; under the last one that was made alone. */
  private tell(id: string): void {
    document.querySelectorAll('.made').forEach((line) => line.remove());
    const passage = document.getElementById(`passage-${id}`);
    if (!passage) return;
    const line = document.createElement('p');
    line.className = 'made';
    line.setAttribute(KEPT, '');
    line.innerHTML = `<strong>The excerpt is made.</strong> <button class="plain-button" type="button">Take it off again</button>
      <a class="lone-link" href="/excerpts/${id}">Open it</a>`;
    line.querySelector('button')?.addEventListener('click', () => {
      this.asks.close();
      void this.undo();
    });
    passage.append(line);
  }

  private explain(trouble: string): void {
    const line = this.form.querySelector('[data-trouble]');
    if (line) line.textContent = trouble;
  }

  private put(selector: string, value: string): void {
    const field = this.form.querySelector<HTMLInputElement>(selector);
    if (field) field.value = value;
  }

  /** The style sheet uses these two where the window is wide enough. */
  private place(first: DOMRect, last: DOMRect): void {
    const ground = this.section.getBoundingClientRect();
    const covered = this.section.querySelector('[data-player]')?.getBoundingClientRect().bottom ?? 0;
    const seen = { top: Math.max(0, covered), bottom: window.innerHeight };
    const room = Math.max(seen.bottom - last.bottom, first.top - seen.top) - 2 * MARGIN;
    this.form.style.setProperty('--picker-room', `${room}px`);
    const { width, height } = this.form.getBoundingClientRect();
    const top = topOf({ top: first.top, bottom: last.bottom }, height, seen, MARGIN) - ground.top;
    const left = leftOf(first.left - ground.left, width, ground.width);
    this.form.style.setProperty('--picker-top', `${top}px`);
    this.form.style.setProperty('--picker-left', `${left}px`);
  }

  /** Where the form stands at the bottom of the window, move the chosen words out from under it. */
  private uncover(last: HTMLElement): void {
    if (getComputedStyle(this.form).position !== 'fixed') return;
    const hidden = last.getBoundingClientRect().bottom + 16 - this.form.getBoundingClientRect().top;
    if (hidden > 0) window.scrollBy({ top: hidden });
  }
}

/** The themes on a passage that whoever looks at it put there. */
function mineOn(passage: HTMLElement): string[] {
  return [...passage.querySelectorAll<HTMLElement>('[data-theme]')]
    .filter((entry) => [...entry.querySelectorAll('.themed__by bdi')].some((name) => name.textContent === ME))
    .map(({ dataset }) => dataset.theme ?? '');
}
