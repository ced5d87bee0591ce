// Changing the themes of an excerpt, a quote or a photo where it stands. Each change is kept at once.
import type { Board } from './board';
import { Chooser, type Choice } from './chooser';
import type { Theme } from './codebook';
import { KEPT } from './morph';

export class InPlace {
  private readonly themed: HTMLElement;
  private readonly board: Board;
  private readonly box: HTMLElement;
  private readonly chooser: Chooser;
  private readonly trouble: HTMLElement;

  /** One at a time: pressing the link again closes it. */
  static toggle(themed: HTMLElement, board: Board): void {
    const there = themed.querySelector<HTMLElement>('.themed__chooser');
    if (there) there.remove();
    else new InPlace(themed, board);
  }

  private constructor(themed: HTMLElement, board: Board) {
    this.themed = themed;
    this.board = board;
    this.box = document.createElement('div');
    this.box.className = 'themed__chooser';
    this.box.setAttribute(KEPT, '');
    this.box.innerHTML = `<div role="group" aria-label="Change themes"></div><p class="picker__trouble" role="alert"></p>
      <button class="plain-button" type="button">Done</button>`;
    this.trouble = this.box.querySelector('[role=alert]') as HTMLElement;
    this.chooser = new Chooser(this.box.firstElementChild as HTMLElement, {
      pick: (choice) => void this.change('theme' in choice ? ['theme', choice.theme.id] : ['new_theme', choice.name], choice),
      drop: (choice) => 'theme' in choice && void this.change(['seen', choice.theme.id], choice),
      enter: () => this.close(),
      leave: () => this.close(),
    });
    this.box.querySelector('button:last-child')?.addEventListener('click', () => this.close());
    themed.append(this.box);
    board.whenChanged(() => this.show());
    this.show();
    this.chooser.focus();
  }

  private show(): void {
    if (!this.box.isConnected) return;
    this.chooser.learn(this.board.themes, this.board.keys.ids);
    const put = [...this.themed.querySelectorAll<HTMLElement>('[data-theme][data-may-go]')];
    this.chooser.show(put.map((entry) => ({ theme: this.themeOf(entry) })));
  }

  /** One that was retired is not in the codebook any more, and can still be taken off. */
  private themeOf(entry: HTMLElement): Theme {
    const { theme: id = '' } = entry.dataset;
    const name = entry.querySelector('.theme-tag')?.textContent ?? '';
    return this.board.themes.find((theme) => theme.id === id) ?? { id, name, above: [], colour: '' };
  }

  private async change(field: readonly [string, string], choice: Choice): Promise<void> {
    this.trouble.textContent = '';
    const outcome = await this.board.send(this.themed.dataset.address ?? '', [field]);
    if ('trouble' in outcome) {
      this.trouble.textContent = outcome.trouble;
      return;
    }
    const name = 'theme' in choice ? choice.theme.name : choice.name;
    if ('theme' in choice && field[0] === 'theme') this.board.keys.use(choice.theme.id);
    this.board.say(field[0] === 'seen' ? `“${name}” is taken off.` : `“${name}” is on it.`);
  }

  private close(): void {
    this.box.remove();
    this.themed.querySelector<HTMLElement>('[data-change-themes]')?.focus();
  }
}
