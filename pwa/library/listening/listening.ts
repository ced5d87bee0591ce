// One recording on a story's page: listening, reading and choosing are one thing.
import { Server, tokenOf } from '../editing/server';
import { Report } from '../heard/report';
import { Captions } from '../sound/captions';
import type { Timed } from '../sound/in-step';
import type { Board, Drawn } from '../theming/board';
import { Picker } from './picker';
import { Player } from './player';
import { Stops } from './stops';
import { firstOf, lastOf, type Stretch } from './stretch';
import { Transcript } from './transcript';

/** How long a selection made by touch must rest before the form opens. */
const RESTS = 300;

export class Listening implements Drawn {
  readonly recording: string;
  private readonly section: HTMLElement;
  private readonly player: Player | null;
  private readonly transcript: Transcript | null;
  private picker: Picker | null = null;
  private readonly stops: Stops;
  private readonly captions: Captions | null;
  private dragging = false;
  private resting = 0;

  constructor(section: HTMLElement) {
    this.section = section;
    this.recording = section.dataset.recording ?? '';
    this.stops = new Stops(section);
    const words = section.querySelector<HTMLElement>('[data-transcript]');
    this.transcript = words && new Transcript(words, {
      play: (moment) => this.player?.playFrom(moment),
      toggle: () => this.player?.toggle(),
      chosen: (stretch) => this.show(stretch),
      excerpt: () => this.picker?.focus(),
      theme: (number) => this.picker?.press(number),
      make: () => void this.picker?.make(),
      undo: () => void this.picker?.undo(),
    });
    const bar = section.querySelector<HTMLElement>('[data-player]');
    const sound = bar?.querySelector('audio');
    this.captions = bar && sound ? new Captions(bar, sound) : null;
    this.player = bar && sound ? new Player(bar, sound, (moment) => this.say(moment)) : null;
    const { heard, heardTranscript, heardVersion } = section.dataset;
    const server = new Server(tokenOf(document));
    if (sound && heard && heardTranscript) {
      const shown = { transcript: heardTranscript, version: Number(heardVersion) };
      new Report(sound, shown, (body, leaving) => server.ask('POST', heard, body, leaving));
    }
    for (const how of section.querySelectorAll<HTMLElement>('[data-how]')) {
      how.hidden = false;
      words?.setAttribute('aria-describedby', how.id);
    }
    if (words) this.watchSelection(words);
    window.addEventListener('scroll', () => this.say(this.player?.position ?? 0), { passive: true });
    this.keepPlace();
  }

  /** Have excerpts made of chosen words. */
  pickFor(board: Board): void {
    const form = this.section.querySelector<HTMLFormElement>('[data-picker]');
    if (form) this.picker = new Picker(form, this.section, board, { listen: () => this.listen(), close: () => this.close() });
  }

  draw(words: HTMLElement): boolean {
    const shown = this.section.querySelector<HTMLElement>('[data-transcript]')?.dataset;
    if (shown?.transcript !== words.dataset.transcript || shown?.version !== words.dataset.version) return false;
    return this.transcript?.draw(words) ?? false;
  }

  /** Play from a moment. A browser that waits for a press first waits there. */
  playFrom(moment: number): void {
    this.player?.playFrom(moment);
  }

  /** Which words an excerpt is of, or none. */
  light(passage: Timed | null): void {
    this.transcript?.light(passage);
  }

  private say(moment: number): void {
    const playing = this.player?.playing ?? false;
    this.stops.say(moment, playing);
    const over = [...this.section.querySelectorAll('[data-player], [data-caption]:not([hidden])')];
    const covered = Math.max(0, ...over.map((part) => part.getBoundingClientRect().bottom));
    this.transcript?.say(moment, playing, covered);
    this.captions?.say(moment, playing || moment > 0, () => this.transcript?.isInSight(covered) ?? false);
  }

  private show(stretch: Stretch | null): void {
    const times = this.transcript?.times() ?? null;
    if (stretch === null || times === null) return this.picker?.close();
    const first = this.transcript?.span(firstOf(stretch));
    const last = this.transcript?.span(lastOf(stretch));
    if (first && last) this.picker?.open(times, first, last);
  }

  private listen(): void {
    const times = this.transcript?.times();
    if (times) this.player?.playStretch(times.start, times.end);
  }

  private close(): void {
    window.getSelection()?.removeAllRanges();
    const place = this.transcript?.stretch?.focus;
    this.transcript?.choose(null);
    this.transcript?.focus(place);
  }

  /** A mouse has chosen when its button is let go; a finger when its selection rests. */
  private watchSelection(words: HTMLElement): void {
    words.addEventListener('mousedown', () => (this.dragging = true));
    document.addEventListener('mouseup', () => {
      if (!this.dragging) return;
      this.dragging = false;
      setTimeout(() => this.transcript?.chooseSelected());
    });
    document.addEventListener('selectionchange', () => {
      clearTimeout(this.resting);
      if (!this.dragging) this.resting = window.setTimeout(() => this.transcript?.chooseSelected(), RESTS);
    });
  }

  /** Making an excerpt loads the page again: go on from the same moment. Only a number is kept, until the tab closes. */
  private keepPlace(): void {
    const key = `earshot-moment-${this.section.dataset.recording}`;
    const kept = Number(sessionStorage.getItem(key));
    if (kept > 0 && this.player) this.player.position = kept;
    window.addEventListener('pagehide', () => {
      if (this.player) sessionStorage.setItem(key, String(Math.round(this.player.position)));
    });
  }
}
