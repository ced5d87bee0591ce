// The editor of a transcript: listening and correcting are one thing.
import { Report } from '../heard/report';
import { Player, STEP } from '../listening/player';
import { Autosave, type Outcome } from './autosave';
import { bearingsOf, keepBearings } from './bearings';
import { Card } from './card';
import { Drafts, dropOthers } from './drafts';
import { pressOf, readingCommand, type Command } from './keys';
import type { Line } from './line';
import { Lines } from './lines';
import { sameWords, type Mark } from './marks';
import { Moving } from './moving';
import type { Corrected, Stretch } from './segment';
import { Server, tokenOf } from './server';
import { nearEachOther, Speakers } from './speakers';
import { Status } from './status';
import { leaveWhatIsGone, offerChoice } from './stopped';
import { Tools } from './tools';
import { isMeant } from './turning';
import { Writing } from './writing';

const REWIND_MS = 2000;
const SAID_MS = 8000;
const PART = <Kind extends HTMLElement>(root: HTMLElement, name: string) => root.querySelector<Kind>(`[data-${name}]`) as Kind;

export class Editor {
  private readonly root: HTMLElement;
  private readonly player: Player | null;
  private readonly lines: Lines;
  private readonly server: Server;
  private readonly drafts: Drafts;
  private readonly autosave: Autosave;
  private readonly writing: Writing;
  private readonly moving: Moving;
  private readonly speakers: Speakers;
  private readonly tools: Tools;
  private readonly card: Card;
  private readonly status: Status;
  /** How many corrections the transcript had when it was last heard of. */
  private version: number;
  private report: Report | null = null;
  /** Nothing is marked as said before the sound was begun. */
  private begun = false;
  private saying = 0;

  constructor(root: HTMLElement) {
    this.root = root;
    const { transcript = '', person = '', corrections = '' } = root.dataset;
    const heard = JSON.parse(root.dataset.heardStretches ?? '[]') as Stretch[];
    this.lines = new Lines(PART(root, 'lines'), PART(root, 'blank-line'), heard);
    this.server = new Server(tokenOf(document));
    this.version = Number(root.dataset.version);
    dropOthers(sessionStorage, person);
    this.drafts = new Drafts(sessionStorage, transcript, person);
    this.status = new Status(PART(root, 'standing'), PART(root, 'sign-in'));
    this.autosave = new Autosave(this.drafts, (change, leaving) => this.server.correct(corrections, transcript, change, leaving), {
      standing: (standing) => this.status.show(standing),
      saved: (answer) => this.saved(answer),
      stopped: (segment, draft, stop) => {
        if (stop.kind === 'gone' && stop.now === undefined) void leaveWhatIsGone(this.drafts);
        offerChoice(segment, this.lines.get(segment), draft, stop, this.autosave, PART(root, 'orphans'));
      },
    });
    this.writing = new Writing(this.lines, this.drafts, this.autosave, {
      tools: (line) => this.tools.of(line),
      do: (command) => this.do(command),
      say: (words) => this.say(words),
      failed: (outcome) => this.failed(outcome),
    });
    const tell = { done: (words: string) => this.say(words), failed: (words: string) => this.say(words) };
    this.speakers = new Speakers(PART(root, 'speakers'), this.lines, this.server, tell);
    this.tools = new Tools(PART(root, 'blank-tools'), this.lines, this.speakers, {
      do: (command) => void this.do(command),
      name: (lines, speaker) => void this.name(lines, speaker),
    });
    this.card = new Card(PART(root, 'keys'), PART(root, 'keys-open'));
    this.player = this.startPlayer(transcript);
    this.moving = new Moving(this.player, this.lines, this.writing, root, (words) => this.say(words));
    this.listen();
    this.resume();
  }

  private startPlayer(transcript: string): Player | null {
    const bar = this.root.querySelector<HTMLElement>('[data-player]');
    const sound = bar?.querySelector('audio');
    if (!bar || !sound) return null;
    sound.addEventListener('play', () => (this.begun = true), { once: true });
    const post = (body: unknown, leaving: boolean) => this.server.ask('POST', this.root.dataset.heard ?? '', body, leaving);
    this.report = new Report(sound, { transcript, version: this.version }, post, ({ heard }) => {
      this.lines.showHeard(heard);
      this.showHeard();
    });
    return new Player(bar, sound, (moment) => this.said(moment), REWIND_MS);
  }

  private listen(): void {
    const { root } = this;
    root.addEventListener('keydown', (event) => this.press(event));
    root.addEventListener('click', (event) => this.click(event));
    for (const button of root.querySelectorAll<HTMLElement>('[data-do]')) button.hidden = false;
    window.addEventListener('online', () => this.autosave.tryNow());
    window.addEventListener('focus', () => this.autosave.standing === 'signed-out' && this.autosave.tryNow());
    window.addEventListener('pageshow', (event) => event.persisted && this.autosave.tryNow());
    window.addEventListener('pagehide', () => {
      this.autosave.leave();
      const segment = this.lines.current?.id ?? null;
      keepBearings(root.dataset.recording ?? '', { moment: this.player?.position ?? 0, segment });
    });
    window.addEventListener('beforeunload', (event) => this.autosave.atRisk && event.preventDefault());
  }

  /** Go on where somebody was, with what they had written. */
  private resume(): void {
    for (const line of this.lines.all) line.words.setAttribute('role', 'button');
    const { moment, segment } = bearingsOf(this.root.dataset.recording ?? '');
    if (moment > 0 && this.player) this.player.position = moment;
    const address = new URL(location.href);
    const asked = Number(address.searchParams.get('segment')) || null;
    const line = this.lines.get(asked ?? segment ?? -1) ?? this.lines.all[0];
    if (line) this.lines.choose(line);
    if (line && line.id === segment) line.root.scrollIntoView({ block: 'center' });
    this.restoreDrafts();
    for (const form of this.root.querySelectorAll('[data-plain-form]')) form.remove();
    if (asked !== null && line?.id === asked) this.writing.open(line, null);
    if (asked !== null) {
      address.searchParams.delete('segment');
      history.replaceState(history.state, '', address);
    }
    this.speakers.count();
    this.showHeard();
    this.status.show(this.autosave.standing);
  }

  private restoreDrafts(): void {
    for (const id of this.drafts.ids) {
      const [line, draft] = [this.lines.get(id), this.drafts.get(id)];
      if (!draft) continue;
      if (line && sameWords(line.segment.text, draft.text)) this.drafts.drop(id);
      else if (line) line.words.textContent = draft.text;
    }
    if (this.drafts.ids.length > 0) this.autosave.tryNow();
  }

  private said(moment: number): void {
    const moved = this.lines.say(moment, this.begun || moment > 0);
    const line = this.lines.saidNow;
    if (moved && line && this.player?.playing && this.writing.line === null && !isStill()) {
      const box = line.root.getBoundingClientRect();
      if (box.bottom > window.innerHeight || box.top < 0) line.root.scrollIntoView({ block: 'center', behavior: 'smooth' });
    }
  }

  private press(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || target.closest('dialog, textarea')) return;
    const isField = target.matches('input, select');
    const isPressed = target.matches('button, a, summary') && (event.key === 'Enter' || event.key === ' ');
    const command = readingCommand(pressOf(event), this.card.single && !isField);
    if (command === null || isField || (isPressed && !event.ctrlKey && !event.metaKey && !event.altKey)) return;
    if (this.do(command)) event.preventDefault();
  }

  private click(event: MouseEvent): void {
    const target = event.target as HTMLElement;
    const button = target.closest<HTMLElement>('[data-do]');
    if (button && !button.closest('[data-tools]')) {
      event.preventDefault();
      return void this.do(button.dataset.do as Command);
    }
    const line = this.lines.of(target);
    if (!line) return;
    if (target.closest('[data-time]')) {
      event.preventDefault();
      this.lines.choose(line);
      this.player?.playFrom(line.stretch.start);
    } else if (target.closest('[data-words], [data-correct]') && window.getSelection()?.isCollapsed !== false) {
      event.preventDefault();
      const at = line.at(target);
      if (at && this.player && !this.player.playing) this.player.position = at.moment;
      this.writing.open(line, at?.caret ?? null);
    }
  }

  /** Whether it was done: what is left to the browser was not. */
  private do(command: Command): boolean {
    const { player, writing } = this;
    const line = writing.line ?? this.lines.current;
    if (command.startsWith('speaker-')) return this.nameByNumber(Number(command.slice(8)), line);
    const acts: Partial<Record<Command, () => unknown>> = {
      toggle: () => player?.toggle(),
      back: () => player?.stepBy(-STEP),
      forward: () => player?.stepBy(STEP),
      slower: () => player?.speedBy(-1),
      faster: () => player?.speedBy(1),
      loop: () => this.moving.loop(line),
      next: () => this.moving.go(this.lines.beside(line, 1)),
      previous: () => this.moving.go(this.lines.beside(line, -1)),
      'next-unheard': () => this.moving.goUnheard(1),
      'previous-unheard': () => this.moving.goUnheard(-1),
      edit: () => line && writing.open(line, this.caretOf(line)),
      onward: () => this.moving.onward(line),
      leave: () => this.moving.leave(),
      undo: () => this.turn('undo'),
      redo: () => this.turn('redo'),
      split: () => line && writing.split(line, writing.line ? (line.field?.caret ?? 0) : this.caretOf(line)),
      merge: () => line && writing.merge(line, this.lines.beside(line, 1)),
      'merge-before': () => line && writing.merge(this.lines.all[this.lines.all.indexOf(line) - 1], line),
      doubt: () => this.write(line, () => writing.doubt()),
      keys: () => this.card.open(),
    };
    const mark = () => this.write(line, () => writing.mark(command as Mark));
    (acts[command] ?? mark)();
    return true;
  }

  /** Where a key acts that is pressed while nothing is open: where the caret was, else at the word that is said. */
  private caretOf(line: Line): number {
    if (line.caret !== null) return line.caret;
    return this.lines.saidNow === line ? line.caretAt(this.player?.position ?? 0) : line.text.length;
  }

  private write(line: Line | null, act: () => void): void {
    if (line === null) return;
    this.writing.open(line, this.caretOf(line));
    act();
  }

  private async turn(kind: 'undo' | 'redo', others = false, before = this.version): Promise<void> {
    const done = await this.autosave.act(kind === 'undo' ? { kind, version: before, others } : { kind, version: before });
    if (done.kind === 'others') return (await isMeant(done, this.root)) ? this.turn(kind, true, before) : undefined;
    if (done.kind !== 'saved') return this.failed(done);
    if (done.answer.version === before) return this.say(`There is nothing to ${kind}.`);
    const line = this.lines.get(done.answer.segments[0]?.id ?? -1);
    if (line && this.writing.line === null) this.moving.go(line);
    this.say(kind === 'undo' ? 'The last change is taken back.' : 'The change is made again.');
  }

  private nameByNumber(number: number, line: Line | null): boolean {
    const named = this.speakers.all[number - 1];
    if (line === null || (number > 0 && !named)) return false;
    void this.name([line], named?.id ?? null);
    return true;
  }

  private async name(lines: readonly Line[], speaker: string | null): Promise<void> {
    let [id, name] = [speaker, ''];
    for (const near of nearEachOther(lines, this.lines.all)) {
      const done = await this.autosave.act({ kind: 'speaker', segments: near.map((line) => line.id), speaker: id });
      if (done.kind !== 'saved') return this.failed(done);
      const named = done.answer.segments.find((segment) => segment.id === near[0]?.id)?.speaker;
      [id, name] = [named?.id ?? null, named?.name ?? ''];
    }
    const many = lines.length > 1 ? ` in ${lines.length} passages` : '';
    this.say(name ? `${name} speaks${many}.` : 'Nobody is named there now.');
  }

  private saved(answer: Corrected): void {
    if (answer.version > this.version + 1) PART(this.root, 'changed-elsewhere').hidden = false;
    if (PART(this.root, 'changed-elsewhere').hidden) this.report?.showing(answer.version); // it shows others' words otherwise
    this.version = answer.version;
    this.lines.apply(answer);
    if (answer.segments.length === 0 && answer.gone.length > 0) this.say('A passage without words is taken out. Undo brings it back.');
    for (const { id } of answer.segments) {
      const line = this.lines.get(id);
      line?.words.setAttribute('role', 'button');
      line?.root.querySelector('[data-choice]')?.remove();
    }
    this.writing.settle(answer);
    this.speakers.learn(answer.segments);
    this.tools.renew(this.writing.line);
    this.showHeard();
    for (const [name, may] of [['undo', answer.may_undo], ['redo', answer.may_redo]] as const) {
      const button = this.root.querySelector(`[data-do="${name}"]`);
      button?.setAttribute('aria-disabled', String(!may));
    }
    if (answer.flagged.some((id) => document.getElementById(`old-${id}`) === null)) PART(this.root, 'flagged').hidden = false;
  }

  private showHeard(): void {
    PART(this.root, 'heard-line').textContent = this.lines.heardInWords;
  }

  private failed(outcome: Outcome): void {
    if (outcome.kind === 'refused') return this.say(outcome.words);
    if (outcome.kind === 'away') return this.say('That needs a connection. Nothing has changed. Try again when it is back.');
    this.say('Somebody else changed this passage. Load the page again to see it.');
  }

  /** What was just done, for a while. How saving stands is said apart from it, always. */
  private say(words: string): void {
    const line = PART(this.root, 'said');
    line.textContent = words;
    clearTimeout(this.saying);
    this.saying = window.setTimeout(() => (line.textContent = ''), SAID_MS);
  }
}

function isStill(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}
