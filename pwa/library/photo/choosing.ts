// Choosing a part of a photo with a finger, a mouse or the arrow keys. The four fields say the same, and are what is sent.
import { between, kept, type Region, stepped } from './region';

const FIELDS = ['left', 'top', 'width', 'height'] as const;
const FIRST: Region = { left: 40, top: 40, width: 20, height: 20 };
const FINE = 0.5;
const COARSE = 2;
const SVG = 'http://www.w3.org/2000/svg';
const HINT = 'Draw around it on the photo. Or go to the frame with Tab, move it with the arrow keys, and hold Shift to change its size.';

export class Choosing {
  private readonly photo: HTMLElement;
  private readonly fields: Record<(typeof FIELDS)[number], HTMLInputElement>;
  private readonly frame = document.createElementNS(SVG, 'rect');
  private readonly handle = document.createElement('div');
  private from: [number, number] | null = null;

  constructor(photo: HTMLElement, form: HTMLFormElement) {
    this.photo = photo;
    this.fields = Object.fromEntries(
      FIELDS.map((name) => [name, form.elements.namedItem(name)]),
    ) as unknown as typeof this.fields;
    this.frame.setAttribute('class', 'covering__frame');
    photo.querySelector('.covering__marks')?.append(this.frame);
    this.offerHandle();
    photo.addEventListener('pointerdown', (event) => this.begin(event));
    photo.addEventListener('pointermove', (event) => this.draw(event));
    for (const name of ['pointerup', 'pointercancel'] as const) photo.addEventListener(name, () => (this.from = null));
    form.addEventListener('input', () => this.show(this.written()));
    const hint = form.querySelector('#covering-hint');
    if (hint) hint.textContent = HINT;
    photo.classList.add('covering__photo--choosing');
    this.show(this.written());
  }

  /** What stands in the fields; nothing while they do not make a part of the photo. */
  private written(): Region | null {
    const numbers = FIELDS.map((name) => Number.parseFloat(this.fields[name].value.replace(',', '.')));
    if (numbers.some((number) => !Number.isFinite(number))) return null;
    return kept(Object.fromEntries(FIELDS.map((name, at) => [name, numbers[at]])) as unknown as Region);
  }

  /** Something that a keyboard and a screen reader can reach, over the whole photo. */
  private offerHandle(): void {
    this.handle.className = 'covering__handle';
    this.handle.tabIndex = 0;
    this.handle.setAttribute('role', 'application');
    this.handle.setAttribute('aria-roledescription', 'frame');
    this.handle.addEventListener('keydown', (event) => this.press(event));
    this.photo.append(this.handle);
  }

  private press(event: KeyboardEvent): void {
    if (!event.key.startsWith('Arrow') || event.altKey || event.metaKey) return;
    event.preventDefault();
    const now = this.written();
    this.choose(now ? stepped(now, event.key, event.shiftKey, event.ctrlKey ? FINE : COARSE) : FIRST);
  }

  private begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    this.from = this.place(event);
    this.photo.setPointerCapture(event.pointerId);
  }

  private draw(event: PointerEvent): void {
    if (this.from) this.choose(between(this.from, this.place(event)));
  }

  private place(event: PointerEvent): [number, number] {
    const box = this.photo.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100];
  }

  private choose(region: Region): void {
    for (const name of FIELDS) this.fields[name].value = String(region[name]);
    this.show(region);
  }

  private show(region: Region | null): void {
    this.frame.toggleAttribute('hidden', region === null);
    this.handle.setAttribute('aria-label', region ? inWords(region) : 'No part is chosen. Press an arrow key for a frame.');
    const { left, top, width, height } = region ?? { left: 0, top: 0, width: 0, height: 0 };
    for (const [name, value] of Object.entries({ x: left, y: top, width, height }))
      this.frame.setAttribute(name, String(value * 10));
  }
}

function inWords(region: Region): string {
  const { left, top, width, height } = region;
  return `The chosen part: ${left} % from the left, ${top} % from the top, ${width} % wide, ${height} % high.`;
}
