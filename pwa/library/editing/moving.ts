// Going from passage to passage, in the words and in the sound.
import { clockOf } from '../listening/clock';
import type { Player } from '../listening/player';
import type { Line } from './line';
import type { Lines } from './lines';
import type { Writing } from './writing';

export class Moving {
  private readonly player: Player | null;
  private readonly lines: Lines;
  private readonly writing: Writing;
  private readonly root: HTMLElement;
  private readonly say: (words: string) => void;

  constructor(player: Player | null, lines: Lines, writing: Writing, root: HTMLElement, say: (words: string) => void) {
    this.player = player;
    this.lines = lines;
    this.writing = writing;
    this.root = root;
    this.say = say;
  }

  /** To a passage, and to its beginning in the sound. */
  go(line: Line | undefined): void {
    if (line === undefined) return;
    const typing = this.writing.line !== null;
    this.lines.choose(line);
    if (this.player) this.player.position = line.stretch.start;
    this.repeat(line);
    if (typing) return this.writing.open(line, 0);
    line.words.focus({ preventScroll: true });
    line.root.scrollIntoView({ block: 'nearest' });
  }

  goUnheard(step: 1 | -1): void {
    const line = this.lines.unheard(this.writing.line ?? this.lines.current, step);
    if (line === undefined) return this.say('Every passage has been heard.');
    this.go(line);
    this.player?.playFrom(line.stretch.start);
  }

  /** On to the words of the next passage, while the sound goes its own way. */
  onward(line: Line | null): void {
    const next = line && this.lines.beside(line, 1);
    if (!next) return this.leave();
    this.repeat(next);
    this.writing.open(next, 0);
  }

  leave(): void {
    const { line } = this.writing;
    this.writing.close();
    (line && this.lines.all.includes(line) ? line : this.lines.current)?.words.focus({ preventScroll: true });
  }

  /** Play a passage over and over, or no more. */
  loop(line: Line | null): void {
    if (!this.player || line === null) return;
    const isOn = this.player.loop === null;
    this.player.loop = isOn ? line.stretch : null;
    for (const button of this.root.querySelectorAll('[data-do="loop"]')) button.setAttribute('aria-pressed', String(isOn));
    this.say(isOn ? `The passage at ${clockOf(line.stretch.start)} is played over and over.` : 'It plays on.');
    if (isOn && !this.player.playing) this.player.playFrom(line.stretch.start);
  }

  private repeat(line: Line): void {
    if (this.player?.loop) this.player.loop = line.stretch;
  }
}
