import type { LockView, SignIn } from '../app-core';
import type { KnownPerson } from '../domain/project';
import { writable, type Readable } from '../domain/readable';
import type { OutboxSummary } from '../domain/status';
import { takenBack, type TakenBack } from '../domain/taken-back';

interface Watched {
  outbox: Readable<OutboxSummary>;
  people: Readable<KnownPerson[]>;
  signIn: Readable<SignIn>;
  revoked: Readable<boolean>;
  lock: Readable<LockView>;
}

/** What the news of each story that was taken back waits for now. */
export function takenBackNow({ outbox, people, signIn, revoked, lock }: Watched): Readable<TakenBack[]> {
  const shown = writable<TakenBack[]>([]);
  const look = (): void => {
    const { person, needed } = signIn.get();
    const locked = lock.get().state === 'locked';
    const phone = { people: people.get(), person, signInNeeded: needed, revoked: revoked.get(), locked };
    shown.set(takenBack(outbox.get().withdrawals, phone));
  };
  for (const one of [outbox, people, signIn, revoked, lock]) one.subscribe(look);
  return shown;
}
