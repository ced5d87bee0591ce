import type { HoldBack } from '../app-core';
import { Refusal } from '../domain/codes';
import { LONGEST_REASON } from '../domain/embargo';
import type { HoldingBack } from '../domain/holding-back';
import { uuidv7 } from '../domain/ids';
import type { Person } from '../domain/project';
import { inRange } from '../domain/text';
import type { Database } from '../store/database';
import { holdBack, standingOf } from '../store/embargoes';

/** What a researcher does who is worried about somebody's safety. */
export class EmbargoDesk implements HoldBack {
  constructor(
    private readonly database: Database,
    private readonly kept: (saving: Promise<void>) => Promise<void>,
  ) {}

  standing(storyId: string): Promise<HoldingBack> {
    return standingOf(this.database, storyId);
  }

  async put(storyId: string, reason: string, named: Person | null): Promise<void> {
    const words = reason.trim();
    if (!inRange(words, 1, LONGEST_REASON)) throw new Refusal('invalid');
    const who = named ? { namedId: named.id, name: named.name } : { name: '' };
    await this.kept(holdBack(this.database, storyId, { id: uuidv7(), reason: words, ...who }));
  }
}
