// The player of one recording: the browser's own sound, with controls that follow the words.
import { clockOf } from './clock';
import type { Timed } from '../sound/in-step';
import { playerMove } from './keys';

export const STEP = 5000;
/** Milliseconds that a sound may go on for after the browser said that it paused, on a busy machine. */
const STILL_MS = 300;

export class Player {
  private readonly root: HTMLElement;
  private readonly sound: HTMLAudioElement;
  private readonly tell: (moment: number) => void;
  private readonly rewind: number;
  private until = Infinity;
  private paused = -1;
  private again: Timed | null = null;

  /**
   * `tell` is called with the position, in milliseconds, at every frame while it plays and after each jump. After a pause
   * it goes on from `rewind` milliseconds before.
   */
  constructor(root: HTMLElement, sound: HTMLAudioElement, tell: (moment: number) => void, rewind = 0) {
    this.root = root;
    this.sound = sound;
    this.tell = tell;
    this.rewind = rewind;
    sound.removeAttribute('controls');
    for (const controls of root.querySelectorAll<HTMLElement>('[data-controls]')) controls.hidden = false;
    this.listen();
    this.show();
  }

  get position(): number {
    return this.sound.currentTime * 1000;
  }

  set position(moment: number) {
    this.sound.currentTime = Math.max(0, moment) / 1000;
  }

  get playing(): boolean {
    return !this.sound.paused;
  }

  /** The stretch that is played over and over. */
  get loop(): Timed | null {
    return this.again;
  }

  set loop(stretch: Timed | null) {
    this.again = stretch;
    if (stretch !== null && !within(this.position, stretch)) this.position = stretch.start;
  }

  toggle(): void {
    if (this.playing) return this.sound.pause();
    const isWhereItPaused = Math.abs(this.position - this.paused) < STILL_MS;
    if (this.rewind > 0 && isWhereItPaused && !this.sound.ended) {
      this.position = Math.max(this.again?.start ?? 0, this.paused - this.rewind);
    }
    this.play();
  }

  playFrom(moment: number): void {
    this.position = moment;
    this.play();
  }

  /** Play one stretch and stop at its end. */
  playStretch(start: number, end: number): void {
    this.playFrom(start);
    this.until = end;
  }

  private play(): void {
    this.until = Infinity;
    // The `error` event says what went wrong; a play that is cut short by a pause is nothing wrong.
    this.sound.play().catch(() => undefined);
  }

  /** The next speed of the list, or the one before. */
  speedBy(step: 1 | -1): void {
    const list = this.root.querySelector<HTMLSelectElement>('[data-speed]');
    const next = list?.options[list.selectedIndex + step];
    if (list === null || next === undefined) return;
    next.selected = true;
    this.sound.playbackRate = Number(next.value);
  }

  stepBy(milliseconds: number): void {
    this.until = Infinity;
    this.position = this.position + milliseconds;
  }

  private listen(): void {
    const { sound } = this;
    sound.addEventListener('play', () => this.watch());
    sound.addEventListener('pause', () => (this.paused = this.position));
    // Frames do not come while the page is hidden.
    sound.addEventListener('timeupdate', () => this.repeat());
    for (const name of ['pause', 'seeked', 'ended', 'loadedmetadata']) sound.addEventListener(name, () => this.show());
    sound.addEventListener('error', () => this.trouble(true));
    sound.addEventListener('playing', () => this.trouble(false));
    this.on('[data-play]', 'click', () => this.toggle());
    this.on('[data-back]', 'click', () => this.stepBy(-STEP));
    this.on('[data-forward]', 'click', () => this.stepBy(STEP));
    this.on('[data-position]', 'input', (at) => this.stepBy(Number((at as HTMLInputElement).value) - this.position));
    this.on('[data-speed]', 'change', (list) => (sound.playbackRate = Number((list as HTMLSelectElement).value)));
    this.root.addEventListener('keydown', (event) => this.press(event));
  }

  private on(selector: string, name: string, act: (element: HTMLElement) => void): void {
    const element = this.root.querySelector<HTMLElement>(selector);
    element?.addEventListener(name, () => act(element));
  }

  private press(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return;
    const on = event.target.matches('select') ? 'choices' : event.target.matches('button') ? 'button' : 'other';
    const move = playerMove(event.key, on);
    if (move === null) return;
    event.preventDefault();
    if (move === 'toggle') this.toggle();
    else this.stepBy(move === 'back' ? -STEP : STEP);
  }

  /** `timeupdate` comes four times a second, too seldom for words: look at every frame while it plays. */
  private watch(): void {
    this.repeat();
    if (this.position >= this.until) {
      this.until = Infinity;
      this.sound.pause();
    }
    this.show();
    if (this.playing) requestAnimationFrame(() => this.watch());
  }

  private repeat(): void {
    if (this.again !== null && this.playing && this.position >= this.again.end) this.position = this.again.start;
  }

  private show(): void {
    const length = Number.isFinite(this.sound.duration) ? this.sound.duration * 1000 : null;
    const [play, at, clock] = ['[data-play]', '[data-position]', '[data-clock]'].map((name) => this.root.querySelector(name));
    if (play) play.textContent = this.playing ? 'Pause' : 'Play';
    if (at instanceof HTMLInputElement) {
      if (length !== null) at.max = String(Math.floor(length));
      at.value = String(Math.floor(this.position));
      at.setAttribute('aria-valuetext', `${clockOf(this.position)} of ${clockOf(Number(at.max))}`);
      if (clock) clock.textContent = `${clockOf(this.position)} of ${clockOf(Number(at.max))}`;
    }
    this.tell(this.position);
  }

  private trouble(is: boolean): void {
    const words = this.root.querySelector<HTMLElement>('[data-trouble]');
    if (words) words.hidden = !is;
  }
}

function within(moment: number, { start, end }: Timed): boolean {
  return start <= moment && moment < end;
}
