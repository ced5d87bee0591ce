// Captions of a sound. Browsers show none for a sound alone, so they are shown under its player, from its own track.
import { wordAt, type Timed } from './in-step';

const KEY = 'earshot-captions';
/** A short caption stays this long, so that it can be read, unless another follows. */
const LEAST = 1500;

/** What somebody chose: always, never, or, as long as they chose nothing, where the words themselves are out of sight. */
export type Wish = 'on' | 'off' | 'unless in sight';

/** The place of the caption that is shown at a moment; -1 where nothing is said. */
export function captionAt(cues: readonly Timed[], moment: number): number {
  const place = wordAt(cues, moment);
  const cue = cues[place];
  return cue && moment < Math.max(cue.end, cue.start + LEAST) ? place : -1;
}

/** What the button makes of a wish: it takes away what can be seen, and brings what cannot. */
export function turned(wish: Wish, seen: boolean): Wish {
  return wish === 'on' || seen ? 'off' : 'on';
}

export class Captions {
  private readonly line: HTMLElement | null;
  private readonly button: HTMLButtonElement | null;
  private readonly track: HTMLTrackElement | null;
  private wish: Wish = wished();
  private cues: readonly VTTCue[] = [];
  private times: readonly Timed[] = [];
  private now = -1;

  constructor(root: HTMLElement, sound: HTMLAudioElement) {
    this.line = root.querySelector('[data-caption]');
    this.button = root.querySelector('[data-captions]');
    this.track = sound.querySelector('track[kind="captions"]');
    this.button?.addEventListener('click', () => this.turn());
    this.track?.addEventListener('load', () => this.take());
    if (this.track === null) return;
    this.track.track.mode = 'hidden'; // read, and shown by us
    if (this.track.readyState === 2) this.take(); // LOADED
  }

  /** Call it with each moment that is played. `inSight`: the word that is said can be seen on the page. */
  say(moment: number, begun: boolean, inSight: () => boolean): void {
    if (this.line === null || this.times.length === 0) return;
    const place = begun && this.wish !== 'off' ? captionAt(this.times, moment) : -1;
    const shown = place >= 0 && (this.wish === 'on' || !inSight());
    if (shown && place !== this.now) this.line.replaceChildren(this.words(place));
    if (shown) this.now = place;
    this.line.hidden = !shown;
  }

  private take(): void {
    const cues = [...(this.track?.track.cues ?? [])] as VTTCue[];
    this.cues = cues;
    this.times = cues.map(({ startTime, endTime }) => ({ start: startTime * 1000, end: endTime * 1000 }));
    if (this.button) this.button.hidden = cues.length === 0;
    this.mark();
  }

  private words(place: number): DocumentFragment {
    const content = (this.cues[place] as VTTCue).getCueAsHTML();
    const voice = content.querySelector<HTMLElement>('span[title]');
    if (voice?.title) {
      const name = document.createElement('strong');
      name.append(document.createElement('bdi'), ': ');
      (name.firstChild as HTMLElement).textContent = voice.title;
      voice.removeAttribute('title');
      voice.before(name);
    }
    return content;
  }

  private turn(): void {
    this.wish = turned(this.wish, this.line?.hidden === false);
    localStorage.setItem(KEY, this.wish);
    if (this.wish === 'off' && this.line) this.line.hidden = true;
    this.mark();
  }

  private mark(): void {
    this.button?.setAttribute('aria-pressed', String(this.wish !== 'off'));
  }
}

function wished(): Wish {
  const kept = localStorage.getItem(KEY);
  return kept === 'on' || kept === 'off' ? kept : 'unless in sight';
}
