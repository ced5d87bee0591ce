// The presenting mode: one slide at a time, moved by keyboard, clicker, touch and mouse.
import { followClips } from './sound/clip';
import { keepToOneVoice } from './sound/one-voice';
import { moveOfKey, moveOfSwipe, slideAfter, type Move } from './stage/moves';

const QUIET_AFTER = 2500;

function all<T extends HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)];
}

/** Whether the slide is longer than the window in the direction of an up or down arrow: then that arrow reads on. */
function canScroll(key: string): boolean {
  const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
  if (key === 'ArrowDown') return scrollTop + clientHeight < scrollHeight - 1;
  return key === 'ArrowUp' && scrollTop > 0;
}

class Stage {
  private now = 0;
  private readonly slides = all('[data-slide]');
  private readonly place = document.querySelector<HTMLElement>('[data-place]');
  private readonly body: HTMLElement;
  private quiet = 0;
  private touch: Touch | null = null;

  constructor(body: HTMLElement) {
    this.body = body;
  }

  open(): void {
    this.body.classList.add('stage--live');
    for (const moves of all('[data-moves]')) moves.hidden = false;
    this.listen();
    this.show(this.fromAddress(), false);
    this.stir();
  }

  private listen(): void {
    document.addEventListener('keydown', (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const onControl = event.target instanceof Element && event.target.closest('a, button, audio') !== null;
      const move = moveOfKey(event.key, onControl);
      if (move === null || canScroll(event.key)) return;
      event.preventDefault();
      this.do(move);
    });
    document.addEventListener('touchstart', (event) => (this.touch = event.changedTouches[0] ?? null), { passive: true });
    document.addEventListener('touchend', (event) => this.lifted(event.changedTouches[0]), { passive: true });
    for (const name of ['pointermove', 'pointerdown', 'focusin', 'keydown']) {
      document.addEventListener(name, () => this.stir(), { passive: true });
    }
    for (const control of all('[data-go]')) {
      control.addEventListener('click', (event) => {
        event.preventDefault();
        this.do(control.dataset.go as Move);
      });
    }
    document.querySelector('[data-full]')?.addEventListener('click', () => this.do('full'));
    window.addEventListener('hashchange', () => this.show(this.fromAddress(), true));
  }

  private lifted(end: Touch | undefined): void {
    if (!this.touch || !end) return;
    const move = moveOfSwipe(end.clientX - this.touch.clientX, end.clientY - this.touch.clientY);
    this.touch = null;
    if (move) this.do(move);
  }

  private do(move: Move): void {
    if (move === 'sound') return this.toggleSound();
    if (move === 'full') return this.toggleFull();
    if (move === 'leave') return this.leave();
    this.show(slideAfter(move, this.now, this.slides.length), true);
  }

  /** `asked`: somebody moved here, so the voice may begin by itself. */
  private show(number: number, asked: boolean): void {
    const changed = number !== this.now;
    for (const sound of all<HTMLAudioElement>('audio')) sound.pause();
    this.now = number;
    this.slides.forEach((slide, index) => (slide.hidden = index !== number));
    const slide = this.slides[number];
    if (this.place) this.place.textContent = `${number + 1} of ${this.slides.length}`;
    for (const button of all<HTMLButtonElement>('button[data-go]')) {
      button.disabled = number === (button.dataset.go === 'back' ? 0 : this.slides.length - 1);
    }
    history.replaceState(null, '', `#${number + 1}`);
    if (!asked || !slide) return;
    slide.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    if (changed) this.begin(slide);
  }

  private begin(slide: HTMLElement): void {
    // A browser may refuse a sound that nobody asked for: the player is there to press.
    slide.querySelector('audio')?.play().catch(() => undefined);
  }

  private toggleSound(): void {
    const sound = this.slides[this.now]?.querySelector('audio');
    if (!sound) return;
    if (sound.paused) this.begin(this.slides[this.now] as HTMLElement);
    else sound.pause();
  }

  private toggleFull(): void {
    const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.();
    done?.catch(() => undefined);
  }

  private leave(): void {
    if (document.fullscreenElement) this.toggleFull();
    else document.querySelector<HTMLAnchorElement>('[data-leave]')?.click();
  }

  /** A hand moved: show the controls for a while. They stay while one of them has the focus. */
  private stir(): void {
    window.clearTimeout(this.quiet);
    this.body.classList.remove('stage--quiet');
    this.quiet = window.setTimeout(() => {
      const held = document.activeElement?.closest('[data-controls]');
      if (!held) this.body.classList.add('stage--quiet');
    }, QUIET_AFTER);
  }

  private fromAddress(): number {
    if (location.hash === '#asks') return this.slides.length - 1;
    const number = Number.parseInt(location.hash.slice(1), 10);
    return Number.isNaN(number) ? 0 : Math.max(0, Math.min(this.slides.length, number) - 1);
  }
}

followClips(document);
keepToOneVoice();
const ground = document.querySelector<HTMLElement>('[data-stage]');
if (ground) new Stage(ground).open();
