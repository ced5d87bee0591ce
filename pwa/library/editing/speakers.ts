// Those who speak in a story: named once, for every passage, and two of them made one.
import type { Lines } from './lines';
import type { Segment } from './segment';
import type { Server } from './server';

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** One change may reach this far, from the first of its passages to the last. */
const REACH = 500;

/** The passages in groups that one change can take each, in order. `all` are those of the transcript. */
export function nearEachOther<Passage>(some: readonly Passage[], all: readonly Passage[]): Passage[][] {
  const places = new Map(all.map((passage, place) => [passage, place]));
  const ordered = [...some].sort((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
  const groups: Passage[][] = [];
  for (const passage of ordered) {
    const group = groups.at(-1);
    const first = group?.[0];
    const isNear = first !== undefined && (places.get(passage) ?? 0) - (places.get(first) ?? 0) < REACH;
    if (group && isNear) group.push(passage);
    else groups.push([passage]);
  }
  return groups;
}

export interface SpeakersTell {
  done(words: string): void;
  failed(words: string): void;
}

export class Speakers {
  private readonly root: HTMLElement;
  private readonly lines: Lines;
  private readonly server: Server;
  private readonly tell: SpeakersTell;

  constructor(root: HTMLElement, lines: Lines, server: Server, tell: SpeakersTell) {
    this.root = root;
    this.lines = lines;
    this.server = server;
    this.tell = tell;
    root.addEventListener('submit', (event) => {
      const form = event.target as HTMLFormElement;
      event.preventDefault();
      void (form.matches('[data-rename]') ? this.rename(form) : this.merge(form));
    });
  }

  get all(): Named[] {
    return this.cards.map(({ dataset }) => ({ id: dataset.speakerCard ?? '', name: dataset.name ?? '' }));
  }

  /** Somebody new may have been named in these passages. */
  learn(segments: readonly Segment[]): void {
    for (const { speaker } of segments) {
      if (speaker !== null && !this.all.some(({ id }) => id === speaker.id)) this.add(speaker);
    }
    this.count();
  }

  /** How often each speaks, and which of them the computer has guessed. */
  count(): void {
    for (const card of this.cards) {
      const own = this.lines.all.filter(({ segment }) => segment.speaker?.id === card.dataset.speakerCard);
      const guessed = own.filter(({ segment }) => segment.speaker?.suggested).length;
      const words = `${own.length} ${own.length === 1 ? 'passage' : 'passages'}`;
      const line = card.querySelector('[data-count]');
      if (line) line.textContent = guessed > 0 ? `${words}, ${guessed} suggested by the computer` : words;
    }
    this.root.hidden = this.cards.length === 0;
  }

  /** Fill a list of choices for a passage. */
  offer(list: HTMLSelectElement, chosen: string): void {
    const options = [new Option('Nobody named', ''), ...this.all.map(({ id, name }) => new Option(name, id)),
      new Option('Somebody else', 'new')];
    for (const option of options) option.selected = option.value === chosen;
    list.replaceChildren(...options);
  }

  private get cards(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>('[data-speaker-card]')];
  }

  private add({ id, name }: Named): void {
    const blank = this.root.querySelector<HTMLTemplateElement>('[data-blank-speaker]');
    const list = this.root.querySelector('[data-speaker-list]');
    const card = (blank?.content.cloneNode(true) as DocumentFragment | undefined)?.firstElementChild as HTMLElement | null;
    if (!card || !list) return;
    // The address of a speaker that the page was made without.
    for (const form of card.querySelectorAll('form')) form.setAttribute('action', form.getAttribute('action')?.replace('-', id) ?? '');
    card.dataset.speakerCard = id;
    list.append(card);
    this.name(card, name);
  }

  private name(card: HTMLElement, name: string): void {
    card.dataset.name = name;
    const field = card.querySelector<HTMLInputElement>('[data-name-field]');
    field?.setAttribute('aria-label', `Name of ${name}`);
    for (const { id, name: own } of this.all) {
      for (const option of this.root.querySelectorAll<HTMLOptionElement>(`option[value="${id}"]`)) option.text = own;
    }
  }

  private async rename(form: HTMLFormElement): Promise<void> {
    const card = form.closest<HTMLElement>('[data-speaker-card]');
    const name = form.querySelector<HTMLInputElement>('[data-name-field]')?.value.trim() ?? '';
    const id = card?.dataset.speakerCard ?? '';
    const answer = await this.ask('PUT', form, { name, was: card?.dataset.name ?? '' });
    if (answer === null || card === null) return;
    const said = answer.name ?? name;
    this.name(card, said);
    for (const line of this.lines.all) {
      const { speaker } = line.segment;
      if (speaker?.id !== id) continue;
      line.segment = { ...line.segment, speaker: { ...speaker, name: said } };
      line.showSpeaker();
    }
    this.tell.done(`${said} is named everywhere.`);
  }

  private async merge(form: HTMLFormElement): Promise<void> {
    const card = form.closest<HTMLElement>('[data-speaker-card]');
    const into = form.querySelector('select')?.value ?? '';
    const other = this.all.find(({ id }) => id === into);
    if (card === null || other === undefined) return;
    const answer = await this.ask('POST', form, { into });
    if (answer === null) return;
    const named = { id: into, name: answer.name ?? other.name };
    const kept = this.cards.find(({ dataset }) => dataset.speakerCard === into);
    if (kept) this.name(kept, named.name);
    for (const line of this.lines.all) {
      const { speaker } = line.segment;
      if (speaker?.id !== card.dataset.speakerCard) continue;
      line.segment = { ...line.segment, speaker: { ...named, suggested: speaker?.suggested ?? false } };
      line.showSpeaker();
    }
    const name = card.dataset.name ?? '';
    for (const option of this.root.querySelectorAll(`option[value="${card.dataset.speakerCard}"]`)) option.remove();
    card.remove();
    this.count();
    this.tell.done(`${name} and ${named.name} are one now.`);
  }

  /** Null where it could not be done, which is said. */
  private async ask(method: 'POST' | 'PUT', form: HTMLFormElement, value: object): Promise<{ name?: string } | null> {
    try {
      const answer = await this.server.ask(method, form.getAttribute('action') ?? '', value);
      const said = (await answer.json().catch(() => ({}))) as { name?: string; message?: string };
      if (answer.ok) return said;
      this.tell.failed(said.message ?? 'That could not be done. Try again.');
    } catch {
      this.tell.failed('There is no connection. Nothing has changed. Try again when it is back.');
    }
    return null;
  }
}
