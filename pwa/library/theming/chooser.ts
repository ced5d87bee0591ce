// Choosing themes with one key, by typing a few letters of a name, or with a finger: for a new excerpt, or for what has
// themes already. The list to choose from follows the combobox pattern of the ARIA Authoring Practices.
import { keysAfter, matching, named, onKeys, type Theme } from './codebook';

/** A theme that is chosen: one of the codebook, or a name for a new one. */
export type Choice = { readonly theme: Theme } | { readonly name: string };

/** What the chooser asks of the page. */
export interface Chooses {
  pick(choice: Choice): void;
  drop(choice: Choice): void;
  /** Enter was pressed where nothing was typed. */
  enter(): void;
  leave(): void;
}

let numbered = 0;

export class Chooser {
  readonly root: HTMLElement;
  private readonly asks: Chooses;
  private readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private readonly chips: HTMLElement;
  private readonly keys: HTMLElement;
  private readonly empty: HTMLElement;
  private themes: readonly Theme[] = [];
  private onKey: readonly string[] = [];
  private chosen: readonly Choice[] = [];
  private options: readonly Choice[] = [];
  private active = -1;

  constructor(root: HTMLElement, asks: Chooses) {
    const id = `chooser-${(numbered += 1)}`;
    root.innerHTML = `<ul class="chooser__chosen" aria-label="Other themes that are chosen" hidden></ul>
      <ul class="chooser__keys" aria-label="Themes on the keys 1 to 9"></ul>
      <label class="chooser__label" for="${id}">Find a theme, or name a new one</label>
      <div class="chooser__find"><input class="nhsuk-input chooser__input" id="${id}" type="text" role="combobox"
        aria-autocomplete="list" aria-expanded="false" aria-controls="${id}-list" maxlength="80" autocomplete="off"
        autocapitalize="off" spellcheck="false">
      <ul class="chooser__list" id="${id}-list" role="listbox" aria-label="Themes" hidden></ul></div>
      <p class="small-print chooser__empty" hidden>There are no themes yet. Type a name to make the first.</p>`;
    this.root = root;
    this.asks = asks;
    this.input = root.querySelector('input') as HTMLInputElement;
    this.list = root.querySelector('.chooser__list') as HTMLElement;
    this.chips = root.querySelector('.chooser__chosen') as HTMLElement;
    this.keys = root.querySelector('.chooser__keys') as HTMLElement;
    this.empty = root.querySelector('.chooser__empty') as HTMLElement;
    this.listen();
  }

  /** The codebook as it is now, and which themes have keys. */
  learn(themes: readonly Theme[], keys: readonly string[]): void {
    this.themes = themes;
    this.onKey = keys;
    this.show(this.chosen);
  }

  /** These are chosen: a key says so of its own theme, and the others stand above the keys. */
  show(chosen: readonly Choice[]): void {
    this.chosen = chosen;
    const wasIn = this.chips.contains(document.activeElement);
    const key = [...this.keys.querySelectorAll('button')].indexOf(document.activeElement as HTMLButtonElement);
    const others = chosen.filter((choice) => !('theme' in choice && this.onKey.includes(choice.theme.id)));
    this.chips.hidden = others.length === 0;
    this.chips.replaceChildren(...others.map((choice) => this.chip(choice)));
    this.keys.replaceChildren(...this.onKey.flatMap((id, number) => this.key(id, number)));
    this.empty.hidden = this.themes.length > 0;
    if (wasIn) this.input.focus();
    if (key >= 0) this.keys.querySelectorAll('button')[key]?.focus();
  }

  focus(): void {
    this.input.focus();
  }

  /** Put or take off the theme of a key; whether there is one. */
  press(number: number): boolean {
    const theme = this.themes.find(({ id }) => id === this.onKey[number - 1]);
    if (theme) this.toggle({ theme });
    return theme !== undefined;
  }

  private toggle(choice: Choice): void {
    this.input.value = '';
    this.offer();
    if (this.chosen.some((one) => isSame(one, choice))) this.asks.drop(choice);
    else this.asks.pick(choice);
  }

  private listen(): void {
    this.input.addEventListener('input', () => this.offer());
    this.input.addEventListener('blur', () => this.close());
    this.root.addEventListener('keydown', (event) => this.pressed(event));
    // A list is used without taking the focus out of the field.
    this.list.addEventListener('mousedown', (event) => event.preventDefault());
    this.list.addEventListener('click', (event) => {
      const place = [...this.list.children].indexOf((event.target as Element).closest('[role=option]') as Element);
      const choice = this.options[place];
      if (choice) this.toggle(choice);
    });
  }

  private pressed(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const typing = event.target === this.input;
    const empty = this.input.value === '';
    if (/^[1-9]$/.test(event.key) && (!typing || empty)) {
      if (this.press(Number(event.key))) event.preventDefault();
    } else if (typing) this.typed(event, empty);
    else if (event.key === 'Escape') this.leave(event);
  }

  private typed(event: KeyboardEvent, empty: boolean): void {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      if (this.list.hidden) this.offer(true);
      else this.point((this.active + (key === 'ArrowDown' ? 1 : -1) + this.options.length) % this.options.length);
    } else if (key === 'Enter') {
      event.preventDefault();
      const choice = this.options[this.active];
      if (choice && !this.list.hidden) this.toggle(choice);
      else if (empty) this.asks.enter();
    } else if (key === 'Escape' && !(empty && this.list.hidden)) {
      event.preventDefault();
      event.stopPropagation();
      this.input.value = '';
      this.close();
    } else if (key === 'Escape') this.leave(event);
    else if (key === 'Backspace' && empty) {
      const last = this.chosen.at(-1);
      if (last) this.asks.drop(last);
    }
  }

  private leave(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.asks.leave();
  }

  /** What is offered for the letters typed; everything where `all` is asked for. */
  private offer(all = false): void {
    const typed = this.input.value.trim();
    if (typed === '' && !all) return this.close();
    const found: Choice[] = matching(this.themes, typed).map((theme) => ({ theme }));
    this.options = typed === '' || named(this.themes, typed) ? found : [...found, { name: typed }];
    if (this.options.length === 0) return this.close();
    this.list.replaceChildren(...this.options.map((choice, place) => this.option(choice, place)));
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
    this.point(0);
    this.list.scrollIntoView?.({ block: 'nearest' });
  }

  private close(): void {
    this.list.hidden = true;
    this.options = [];
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  private point(place: number): void {
    this.active = place;
    [...this.list.children].forEach((option, at) => option.classList.toggle('chooser__option--active', at === place));
    this.input.setAttribute('aria-activedescendant', `${this.list.id}-${place}`);
    this.list.children[place]?.scrollIntoView?.({ block: 'nearest' });
  }

  private option(choice: Choice, place: number): HTMLElement {
    const option = document.createElement('li');
    option.id = `${this.list.id}-${place}`;
    option.className = 'chooser__option';
    option.setAttribute('role', 'option');
    option.setAttribute('aria-selected', String(this.chosen.some((one) => isSame(one, choice))));
    if ('theme' in choice) {
      if (choice.theme.above.length) option.append(span('chooser__above', `${choice.theme.above.join(' › ')} › `));
      option.append(coloured('chooser__name', choice.theme));
    } else option.append('Add ', span('chooser__name', choice.name), ' as a new theme');
    return option;
  }

  private chip(choice: Choice): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'chooser__chip';
    button.append('theme' in choice ? coloured('', choice.theme) : span('', `${choice.name} (new)`), span('chooser__off', 'Take off'));
    button.addEventListener('click', () => this.asks.drop(choice));
    return item(button);
  }

  private key(id: string, number: number): HTMLElement[] {
    const theme = this.themes.find((one) => one.id === id);
    if (!theme) return [];
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'chooser__key';
    button.setAttribute('aria-pressed', String(this.chosen.some((one) => isSame(one, { theme }))));
    button.setAttribute('aria-keyshortcuts', String(number + 1));
    const digit = document.createElement('kbd');
    digit.textContent = String(number + 1);
    digit.setAttribute('aria-hidden', 'true');
    button.append(digit, coloured('', theme));
    button.addEventListener('click', () => this.toggle({ theme }));
    return [item(button)];
  }
}

/** Which themes the keys of this page put: they stay where they are while it is open. */
export class Keys {
  ids: readonly string[] = [];
  private used: string[] = [];

  learn(recent: readonly string[], themes: readonly Theme[]): void {
    const known = new Set(themes.map(({ id }) => id));
    this.ids = this.ids.length === 0 ? onKeys(recent, themes) : this.ids.filter((id) => known.has(id));
  }

  use(id: string): void {
    this.ids = keysAfter(this.ids, this.used, id);
    this.used = [...this.used, id];
  }
}

export function isSame(one: Choice, other: Choice): boolean {
  if ('theme' in one) return 'theme' in other && one.theme.id === other.theme.id;
  return 'name' in other && one.name === other.name;
}

function coloured(name: string, theme: Theme): HTMLElement {
  return span(`chooser__theme ${name} ${theme.colour ? `theme-colour--${theme.colour}` : ''}`.trim(), theme.name, 'bdi');
}

function span(name: string, text: string, tag = 'span'): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function item(button: HTMLElement): HTMLElement {
  const made = document.createElement('li');
  made.append(button);
  return made;
}
