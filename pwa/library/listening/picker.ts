// The form that makes an excerpt of the chosen words. It opens beside them; on a phone, at the bottom of the window.
import type { Timed } from '../sound/in-step';
import { clockOf } from './clock';
import { leftOf, topOf } from './view';

export class Picker {
  private readonly form: HTMLFormElement;
  private readonly section: HTMLElement;

  constructor(form: HTMLFormElement, section: HTMLElement, asks: { listen(): void; close(): void }) {
    this.form = form;
    this.section = section;
    form.querySelector('[data-listen]')?.addEventListener('click', () => asks.listen());
    form.querySelector('[data-close]')?.addEventListener('click', () => asks.close());
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') asks.close();
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
  }

  focus(): void {
    this.form.querySelector<HTMLElement>('input:not([type=hidden]), button[type=submit]')?.focus();
  }

  private put(selector: string, value: string): void {
    const field = this.form.querySelector<HTMLInputElement>(selector);
    if (field) field.value = value;
  }

  /** The style sheet uses these two where the window is wide enough. */
  private place(first: DOMRect, last: DOMRect): void {
    const ground = this.section.getBoundingClientRect();
    const { width, height } = this.form.getBoundingClientRect();
    const covered = this.section.querySelector('[data-player]')?.getBoundingClientRect().bottom ?? 0;
    const seen = { top: Math.max(0, covered), bottom: window.innerHeight };
    const top = topOf({ top: first.top, bottom: last.bottom }, height, seen) - ground.top;
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
