import type { Agreeing, CollectApp } from '../app-core';
import { Refusal } from '../domain/codes';
import type { Use } from '../domain/consent';
import { newConversation, newPerson, type Conversation, type PersonAsked } from '../domain/conversation';
import type { Project } from '../domain/project';

/** `locked`: one may be kept here, and only the PIN opens it. */
type Phase = 'unknown' | 'locked' | 'known';

let current = $state<Conversation | null>(null);
let phase = $state<Phase>('unknown');
let kept = $state(true);
let agreeing: Agreeing | null = null;

/** Seals it at once, so that a closed page loses no answer and shows none to whoever finds the phone. */
function keep(): void {
  const draft = current && $state.snapshot(current);
  agreeing?.keepConversation(draft).then(
    () => (kept = true),
    () => (kept = false),
  );
}

async function restore(): Promise<void> {
  try {
    const found = (await agreeing?.conversation<Conversation>()) ?? null;
    current ??= found;
    phase = 'known';
  } catch (error) {
    phase = error instanceof Refusal && error.code === 'locked' ? 'locked' : 'known';
  }
}

/** The conversation whose consent is not confirmed. Nothing of it has been captured or queued. */
export const conversation = {
  /** Reads what is kept, now and whenever the phone is unlocked; forgets what is in memory when it is locked. */
  openWith(app: Pick<CollectApp, 'agreeing' | 'lock'>): () => void {
    agreeing = app.agreeing;
    return app.lock.view.subscribe(({ state }) => {
      if (state === 'locked') current = null;
      if (state === 'open' || state === 'locked') void restore();
    });
  },
  get current() {
    return current;
  },
  get phase() {
    return phase;
  },
  /** False when the phone would not keep the last answer. */
  get kept() {
    return kept;
  },
  /** Who is asked now. */
  get person(): PersonAsked | undefined {
    return current?.people[current.at];
  },
  /** Somebody who was named has not been asked to the end, or one that only the PIN opens is kept. */
  get isUnfinished() {
    if (!current) return phase === 'locked';
    return current.name !== '' || current.people.some(({ pseudonym }) => pseudonym !== '');
  },
  /** False, and nothing is lost, while another is unfinished. */
  begin(project: Project): boolean {
    if (this.isUnfinished) return false;
    this.goOn(newConversation(project.id, project.wording));
    return true;
  },
  /** Goes on with one that was made elsewhere, as when somebody came. */
  goOn(made: Conversation): void {
    void agreeing?.keepConversation(null).catch(() => undefined);
    current = made;
    phase = 'known';
    keep();
  },
  set(change: Partial<Conversation>): void {
    if (!current) return;
    current = { ...current, ...change };
    keep();
  },
  /** Any change of what they agreed to must be checked with them again. */
  setPerson(change: Partial<PersonAsked>): void {
    if (!current) return;
    const people = current.people.map((person, at) =>
      at === current?.at ? { ...person, confirmed: false, ...change } : person,
    );
    this.set({ people });
  },
  answer(use: Use, yes: boolean): void {
    this.setPerson({ answers: { ...this.person?.answers, [use]: yes } });
  },
  ask(at: number): void {
    this.set({ at });
  },
  addPerson(): void {
    if (current) this.set({ people: [...current.people, newPerson()], at: current.people.length });
  },
  removePerson(at: number): void {
    if (current) this.set({ people: current.people.filter((_, place) => place !== at), at: 0 });
  },
  /** The introduction of this text was read to them. */
  heard(text: string): void {
    if (current && !current.heard.includes(text)) this.set({ heard: [...current.heard, text] });
  },
  end(): void {
    current = null;
    keep();
  },
};
