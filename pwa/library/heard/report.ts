// Tells the server what has been listened to: every ten seconds, at each pause, and when the page goes.
import { Played, type Stretch } from './played';

const EVERY_MS = 10_000;

export interface Heard {
  readonly heard: readonly Stretch[];
  readonly quotable: readonly string[];
}

export interface Post {
  (body: unknown, leaving: boolean): Promise<Response>;
}

/** What a page shows: which words, and in which version. */
export interface Shown {
  readonly transcript: string;
  readonly version: number;
}

export class Report {
  private readonly sound: HTMLAudioElement;
  private readonly played = new Played();
  private shown: Shown;
  /** The version that was shown when something was played that could not be sent. */
  private owed = Infinity;
  private readonly post: Post;
  private readonly tell: (heard: Heard) => void;

  constructor(sound: HTMLAudioElement, shown: Shown, post: Post, tell: (heard: Heard) => void = () => undefined) {
    this.sound = sound;
    this.shown = shown;
    this.post = post;
    this.tell = tell;
    for (const name of ['playing', 'timeupdate', 'ratechange', 'volumechange']) {
      sound.addEventListener(name, () => this.look());
    }
    sound.addEventListener('seeking', () => this.played.leap());
    for (const name of ['pause', 'ended']) sound.addEventListener(name, () => void this.send(false));
    setInterval(() => void this.send(false), EVERY_MS);
    window.addEventListener('pagehide', () => void this.send(true));
  }

  /** The page shows another version of the words from now on: what was played until now was not of that. */
  showing(version: number): void {
    void this.send(false);
    this.shown = { ...this.shown, version };
  }

  private look(): void {
    const { sound } = this;
    if (sound.seeking) return;
    this.played.at({
      at: sound.currentTime * 1000,
      now: performance.now(),
      playing: !sound.paused && !sound.ended,
      speed: sound.playbackRate,
      audible: !sound.muted && sound.volume > 0,
    });
  }

  private async send(leaving: boolean): Promise<void> {
    this.look();
    const stretches = this.played.take();
    if (stretches.length === 0) return;
    const version = Math.min(this.shown.version, this.owed);
    this.owed = Infinity;
    try {
      const answer = await this.post({ ...this.shown, version, stretches }, leaving);
      if (answer.ok) this.tell((await answer.json()) as Heard);
      else if (answer.status >= 500 || answer.status === 401 || answer.status === 403) this.keep(stretches, version);
    } catch {
      this.keep(stretches, version);
    }
  }

  private keep(stretches: readonly Stretch[], version: number): void {
    this.played.giveBack(stretches);
    this.owed = Math.min(this.owed, version);
  }
}
