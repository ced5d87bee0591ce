import type { Agreeing, LockView } from '../../collect/app-core';
import { USES } from '../../collect/domain/consent';
import type { Project } from '../../collect/domain/project';
import { writable } from '../../collect/domain/readable';

export const project: Project = {
  id: 'project', name: 'A project', introduction: '', isDemo: false, prompts: [], places: [],
  wording: {
    id: 'wording', version: 1, title: 'Before we start', introduction: '',
    uses: USES.map((use) => ({ use, question: '', explanation: '' })),
  },
};

/** A phone whose conversations open only while it is unlocked; `elsewhere` names what another tab has. */
export function phone() {
  const view = writable<LockView>({ state: 'open', waitMs: 0, opening: false, closings: 0 });
  const kept = new Map<string, { people: { pseudonym: string }[]; projectId: string }>();
  const elsewhere = new Set<string>();
  const letGo: string[] = [];
  /** How often nothing more is kept. */
  const full = { tries: 0 };
  const slow = { opening: Promise.resolve() };
  // What was sealed since it was locked can be read until it is locked again.
  let readable = new Set<string>();
  const opens = (name: string): boolean => view.get().state === 'open' || readable.has(name);
  const agreeing = {
    conversations: () => {
      const names = [...kept.keys()].filter((name) => !elsewhere.has(name));
      const waiting = names.filter(opens).map((name) => ({ ...kept.get(name), keptAs: name }));
      return Promise.resolve({ waiting, elsewhere: elsewhere.size, sealed: names.length - waiting.length });
    },
    takeUp: async (name: string) => {
      await slow.opening;
      return elsewhere.has(name) || !opens(name) ? null : (kept.get(name) ?? null);
    },
    letGo: (name: string) => void letGo.push(name),
    holdUnkept: () => undefined,
    forgetEvidence: () => Promise.resolve(),
    keepConversation: (name: string, draft: never) => {
      if (full.tries > 0) return Promise.reject(new Error(`${(full.tries -= 1)}`));
      readable.add(name);
      if (draft === null) kept.delete(name);
      else kept.set(name, draft);
      return Promise.resolve();
    },
  } as unknown as Agreeing;
  const turn = (state: LockView['state']): void => {
    if (state === 'locked') readable = new Set();
    view.set({ ...view.get(), state, closings: view.get().closings + (state === 'locked' ? 1 : 0) });
  };
  const names = (): string[] => [...kept.values()].map(({ people }) => people[0]?.pseudonym ?? '');
  return { app: { agreeing, lock: { view } as never }, kept, elsewhere, turn, names, view, letGo, slow, full };
}
