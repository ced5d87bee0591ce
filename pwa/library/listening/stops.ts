// Where a recording had stopped: said in the player at the moment at which the sound goes on after it.

/** How long it is said. */
const SAID = 4000;

export interface Stop {
  readonly at: number;
  readonly words: string;
}

/** What to say at a moment: of everything at the last place just passed, all of it. */
export function stopsAt(stops: readonly Stop[], moment: number): string {
  const passed = stops.filter(({ at }) => at <= moment && moment < at + SAID);
  const last = passed.at(-1)?.at;
  return passed.filter(({ at }) => at === last).map(({ words }) => words).join(' ');
}

export class Stops {
  private readonly stops: readonly Stop[];
  private readonly line: HTMLElement | null;
  private said = '';

  constructor(section: HTMLElement) {
    this.line = section.querySelector<HTMLElement>('[data-stop]');
    this.stops = [...section.querySelectorAll<HTMLElement>('[data-stops] [data-at]')].map((entry) => ({
      at: Number(entry.dataset.at),
      words: entry.querySelector('[data-words]')?.textContent ?? '',
    }));
    this.mark(section);
  }

  /** Where the recording had stopped, over the line that shows how far it has played. */
  private mark(section: HTMLElement): void {
    const track = section.querySelector<HTMLElement>('[data-track]');
    const length = Number(track?.querySelector<HTMLInputElement>('[data-position]')?.max);
    for (const at of new Set(this.stops.map((stop) => stop.at))) {
      const mark = document.createElement('span');
      mark.className = 'player__mark';
      mark.style.setProperty('--at', String(length > 0 ? Math.min(1, at / length) : 0));
      track?.append(mark);
    }
  }

  /** Nothing is said before the sound was begun, nor over and over. */
  say(moment: number, playing: boolean): void {
    const words = playing || moment > 0 ? stopsAt(this.stops, moment) : '';
    if (this.line === null || words === this.said) return;
    this.said = words;
    this.line.textContent = words;
    this.line.hidden = words === '';
  }
}
