// The card of keys: opened by its button and by "?", and where single keys are turned off.

const OFF = 'earshot-no-single-keys';

export class Card {
  private readonly dialog: HTMLDialogElement;

  constructor(dialog: HTMLDialogElement, opener: HTMLElement) {
    this.dialog = dialog;
    opener.hidden = false;
    opener.addEventListener('click', () => this.open());
    dialog.querySelector('[data-close]')?.addEventListener('click', () => dialog.close());
    // A press beside the card closes it; presses on it are on something inside.
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
    const box = dialog.querySelector<HTMLInputElement>('[data-single]');
    if (box) {
      box.checked = this.single;
      box.addEventListener('change', () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, 'yes')));
    }
    if (/Mac|iPhone|iPad/.test(navigator.platform)) {
      for (const key of dialog.querySelectorAll('[data-main]')) key.textContent = '⌘';
      for (const key of dialog.querySelectorAll('[data-alt]')) key.textContent = 'Option';
    }
  }

  /** Whether single keys do something. */
  get single(): boolean {
    return localStorage.getItem(OFF) === null;
  }

  open(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }
}
