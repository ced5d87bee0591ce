import { untrack } from 'svelte';
import type { Agreeing, CollectApp, LockView } from '../app-core';
import type { EvidenceFile, Use } from '../domain/consent';
import {
  changed, isNamed, newConversation, newPerson, saysTheSame, wantsNoPart, type Conversation, type PersonAsked,
} from '../domain/conversation';
import type { SelfDescription } from '../domain/participant';
import type { Project } from '../domain/project';

/** `locked`: one is kept here, and only the PIN opens it. */
type Phase = 'unknown' | 'locked' | 'known';

let current = $state<Conversation | null>(null);
let waiting = $state.raw<readonly Conversation[]>([]);
let elsewhere = $state(0);
let sealed = $state(0);
let looked = $state(false);
let closings = $state(0);
let kept = $state(true);
/** Under whose name something was gone before the phone could keep it. */
let lost = $state('');
/** Something that shows an agreement is on the screen and nowhere else. */
let unkept = false;
let agreeing: Agreeing | null = null;
/** The one that was open here last, to be open again once the phone is unlocked. */
let last = '';
let looks = 0;
let seen: Pick<LockView, 'state' | 'closings'> = { state: null, closings: 0 };

/**
 * Seals it at once, so that a closed page loses no answer and shows none to whoever finds the phone. What shows no
 * agreement any more is forgotten once nothing on disk names it.
 */
function keep(gone: readonly string[] = []): void {
  if (!current) return;
  const draft = $state.snapshot(current);
  agreeing?.keepConversation(draft.keptAs, draft).then(
    () => {
      tell(draft.keptAs, true);
      forgetEvidence(draft.keptAs, gone);
    },
    () => tell(draft.keptAs, false),
  );
}

/** Where that fails, it is forgotten with its conversation. */
function forgetEvidence(keptAs: string, ids: readonly string[]): void {
  for (const id of ids) agreeing?.forgetEvidence(keptAs, id).catch(() => undefined);
}

const evidenceIn = ({ people }: Conversation): string[] =>
  people.flatMap(({ evidence }) => (evidence ? [evidence.id] : []));

/** Of one that is no longer open here, nothing can be kept any more. */
function tell(keptAs: string, isKept: boolean): void {
  if (keptAs === current?.keptAs) kept = isKept;
  else if (!isKept) lost = keptAs;
}

function forget({ keptAs }: Conversation): void {
  waiting = waiting.filter((one) => one.keptAs !== keptAs);
  agreeing?.keepConversation(keptAs, null).catch(() => void look());
}

/**
 * Looks what is kept. Only what was open here before is gone on with unasked: whoever finds somebody else's answers on
 * the page where they were asked would write over them. While the phone is locked nothing comes back.
 */
async function look(): Promise<void> {
  const turn = (looks += 1);
  const found = await agreeing?.conversations<Conversation>().catch(() => null);
  if (turn !== looks) return;
  looked = true;
  if (!found) return;
  const others = found.waiting.filter(({ keptAs }) => keptAs !== current?.keptAs);
  if (seen.state === 'locked') {
    [waiting, elsewhere, sealed] = [[], found.elsewhere, found.sealed + others.length];
    return;
  }
  waiting = others;
  // One in which nobody was named is nothing to go back to, unless it was on the screen.
  others.filter((one) => !isNamed(one) && one.keptAs !== last).forEach(forget);
  const isHere = others.some(({ keptAs }) => keptAs === last);
  if (!current && isHere) await open(last, () => turn === looks && current === null);
  // Said only now: until it is open again, the page that asks for the PIN stays.
  if (turn === looks) ({ elsewhere, sealed } = found);
}

/** Makes it the one that is open here, unless that is no longer wished once this tab has it. */
async function open(keptAs: string, isWished: () => boolean): Promise<boolean> {
  const found = (await agreeing?.takeUp<Conversation>(keptAs).catch(() => null)) ?? null;
  // Tapped twice: letting go of it here would let another tab write to it.
  if (current?.keptAs === keptAs) return true;
  if (!found) return false;
  if (!isWished()) {
    agreeing?.letGo(keptAs);
    return false;
  }
  setAside();
  [current, last, kept] = [{ ...found, keptAs }, keptAs, true];
  waiting = waiting.filter((one) => one.keptAs !== keptAs);
  return true;
}

/** Nobody's answers are lost by going on with somebody else's. */
function setAside(): void {
  const before = current && $state.snapshot(current);
  current = null;
  if (!before) return;
  if (!isNamed(before)) return forget(before);
  agreeing?.letGo(before.keptAs);
  waiting = [...waiting, before];
}

/** Nothing of it stays in memory while the phone is locked, and another tab may go on with it. */
function close(): void {
  closings += 1;
  if (current) {
    const draft = $state.snapshot(current);
    if (unkept) lost = draft.keptAs;
    current = null;
    // There may be room by now, and this is the only copy.
    if (!kept) agreeing?.keepConversation(draft.keptAs, draft).catch(() => tell(draft.keptAs, false));
    agreeing?.letGo(draft.keptAs);
    sealed += 1;
  }
  sealed += waiting.length;
  waiting = [];
}

/** The conversation whose consent is not confirmed. Nothing of it has been captured or queued. */
export const conversation = {
  /** Looks what is kept, now and whenever the phone is unlocked; forgets what is in memory when it is locked. */
  openWith(app: Pick<CollectApp, 'agreeing' | 'lock'>): () => void {
    agreeing = app.agreeing;
    seen = { state: null, closings: 0 };
    return app.lock.view.subscribe(({ state, closings: count }) =>
      untrack(() => {
        if (state === seen.state && count === seen.closings) return;
        seen = { state, closings: count };
        if (state === 'locked') close();
        if (state === 'open' || state === 'locked') void look();
      }),
    );
  },
  get current() {
    return current;
  },
  get phase(): Phase {
    if (!looked) return 'unknown';
    return current === null && sealed > 0 ? 'locked' : 'known';
  },
  /** False when the phone would not keep the last answer. */
  get kept() {
    return kept;
  },
  /** Something of the one that is open here was gone before the phone could keep it, and must be given again. */
  get lost() {
    return current !== null && current.keptAs === lost;
  },
  /** What showed that whoever is asked now agreed was for other answers, and must be given again if they agree at all. */
  get outdated() {
    return this.person?.outdated === true && !wantsNoPart(this.person);
  },
  /** Who is asked now. */
  get person(): PersonAsked | undefined {
    return current?.people[current.at];
  },
  /** Everybody who was named and has not been asked to the end, and that can be gone on with here. */
  get unfinished(): readonly Conversation[] {
    return [...(current ? [current] : []), ...waiting].filter(isNamed);
  },
  /** How many another tab goes on with. */
  get elsewhere() {
    return elsewhere;
  },
  /** How many only the PIN opens. */
  get sealed() {
    return sealed;
  },
  /** Counts how often the phone was locked, after which nobody reads answers here. */
  get closings() {
    return closings;
  },
  /** Another tab may have been closed. */
  lookAgain: (): Promise<void> => look(),
  /** False, and nothing is lost, while another that can be gone on with is unfinished. */
  begin(project: Project): boolean {
    if (this.unfinished.length > 0) return false;
    this.goOn(newConversation(project.id, project.wording));
    return true;
  },
  /** Goes on with one that was made elsewhere, as when somebody came. */
  goOn(made: Conversation): void {
    setAside();
    [current, last, kept] = [made, made.keptAs, true];
    keep();
  },
  /** Goes on with one that waits. False when another tab has it. */
  async takeUp(keptAs: string): Promise<boolean> {
    if (current?.keptAs === keptAs) return true;
    const turn = looks;
    const isOpen = await open(keptAs, () => turn === looks);
    if (!isOpen) await look();
    return isOpen;
  },
  set(change: Partial<Conversation>): void {
    if (!current) return;
    const before = evidenceIn(current);
    current = { ...current, ...change };
    lost = '';
    const still = evidenceIn(current);
    keep(before.filter((id) => !still.includes(id)));
  },
  /** Any change of what they agreed to must be checked with them again, and shown again. */
  setPerson(change: Partial<PersonAsked>): void {
    if (!current) return;
    const people = current.people.map((person, at) => (at === current?.at ? changed(person, change) : person));
    this.set({ people });
  },
  /**
   * Puts what shows an agreement where it belongs, whoever is asked by now. False where that is no longer this person,
   * or where their conversation is not open here: then they must give it again, and `lost` says so. So must they where
   * they have said something else than `given` since.
   */
  show(keptAs: string, given: PersonAsked, evidence: EvidenceFile): boolean {
    const now = current?.keptAs === keptAs ? current.people.find(({ id }) => id === given.id) : undefined;
    if (!current || !now || !saysTheSame(now, given)) {
      if (current?.keptAs !== keptAs) lost = keptAs;
      forgetEvidence(keptAs, [evidence.id]);
      return false;
    }
    this.set({ people: current.people.map((one) => (one === now ? changed(one, { evidence }) : one)) });
    return this.person?.id === given.id;
  },
  /** Whether something that shows an agreement is on the screen and nowhere else. The phone waits a while for it. */
  holdUnkept(isThere: boolean): void {
    unkept = isThere;
    agreeing?.holdUnkept(isThere);
  },
  /** What somebody says of themselves takes nothing from what they agreed to. */
  describe(said: SelfDescription | undefined): void {
    this.setPerson({ said, confirmed: this.person?.confirmed });
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
  /** Throws one away that somebody gave up. */
  drop(one: Conversation): void {
    if (one.keptAs === current?.keptAs) return this.end();
    forget(one);
  },
  end(): void {
    const before = current;
    current = null;
    if (before) forget(before);
  },
};
