// Words of a passage that could not be saved as they are: both texts are shown, and a person chooses.
import type { Autosave, Outcome } from './autosave';
import { choiceOf } from './choice';
import type { Draft, Drafts } from './drafts';
import type { Line } from './line';

type Stop = Exclude<Outcome, { kind: 'saved' | 'away' }>;

const CHANGED = 'Somebody else changed this passage while you wrote. Nothing is lost. Read both, then choose.';
const GONE = 'This passage is not there any more. Copy your words if you need them.';

/** `beside` is where the choice goes when the passage is not on the page. */
export function offerChoice(segment: number, line: Line | undefined, draft: Draft, stop: Stop, autosave: Autosave,
  beside: HTMLElement): void {
  const here = line?.segment.text ?? null;
  const now = stop.kind === 'refused' ? here : (stop.now ?? null);
  const isThere = stop.kind !== 'gone';
  const why = stop.kind === 'refused' ? stop.words : stop.kind === 'gone' ? GONE : CHANGED;
  const box = choiceOf(draft, now, isThere, why, {
    mine: () => {
      box.remove();
      autosave.insist(segment, now ?? '');
    },
    theirs: () => {
      autosave.giveUp(segment);
      location.reload();
    },
  });
  box.dataset.choice = '';
  line?.root.querySelector('[data-choice]')?.remove();
  (line?.root.querySelector('[data-body]') ?? beside).append(box);
}

/** A story that was withdrawn leaves no words behind, not even unsent ones. */
export async function leaveWhatIsGone(drafts: Drafts): Promise<void> {
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.status !== 404) return;
  drafts.dropAll();
  location.reload();
}
