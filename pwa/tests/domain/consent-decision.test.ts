import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { USES, type Use } from '../../collect/domain/consent';
import {
  agreedUses, decide, instantOf, standings, stillToAgree,
  type History, type Said, type Scope, type Standing,
} from '../../collect/domain/consent-decision';

interface Case {
  case: string;
  records: { sequence: number; participant: string | null; given_at: string; agreed: Use[]; until: Partial<Record<Use, string>> }[];
  participants: string[];
  withdrawals: Scope[];
  embargo: boolean;
  now: string;
  uses: Use[];
  cleared: [string, string][];
  standings: Record<string, Record<Use, Standing>>;
}

/** The uses that nobody's yes brings back. */
const OVER: Record<Scope, readonly Use[]> = {
  no_new_use: USES, words_only: ['record', 'photos'], anonymous: ['record', 'photos', 'transcribe'], erase: USES,
};

// `tests/contract/test_consent.py` decides the same on the server.
const file = new URL('../../../tests/contract/consent.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf-8')) as Case[];

function saidIn(row: Case['records'][number]): Said {
  const until = Object.fromEntries(Object.entries(row.until).map(([use, end]) => [use, instantOf(end)]));
  return { sequence: row.sequence, participantId: row.participant, givenAt: instantOf(row.given_at), agreed: row.agreed, until };
}

function historyOf({ records, participants, withdrawals, embargo }: Case): History {
  return { records: records.map(saidIn), participants, withdrawals, isUnderEmbargo: embargo };
}

describe('the rule of consent', () => {
  it.each(cases)('$case', (one) => {
    const [history, now] = [historyOf(one), instantOf(one.now)];
    expect([...agreedUses(history, now)].sort()).toEqual([...one.uses].sort());
    const decided = decide(history);
    expect(decided.filter(({ until }) => until === -Infinity)).toEqual([]);
    const cleared = decided.filter(({ until }) => now < until);
    expect(cleared.map(({ audience, content }) => `${audience} ${content}`).sort()).toEqual(
      one.cleared.map((pair) => pair.join(' ')).sort(),
    );
    const found = Object.fromEntries([...standings(history, now)].map(([person, all]) => [person ?? '', all]));
    expect(found).toEqual(one.standings);
  });

  it.each(cases)('knows whose yes is missing: $case', (one) => {
    const missing = stillToAgree(historyOf(one), instantOf(one.now));
    for (const use of USES) {
      const waits = Object.keys(one.standings).filter((person) => one.standings[person]![use] !== 'granted');
      const holds = one.uses.includes(use);
      expect(holds).toBe(Object.keys(one.standings).length > 0 && waits.length === 0);
      if (missing[use].length > 0) expect(missing[use].map((person) => person ?? '').sort()).toEqual(waits.sort());
      else if (one.withdrawals.length === 0) expect(waits).toEqual([]);
    }
    // Nobody can bring back what a withdrawal ended.
    for (const use of one.withdrawals.flatMap((scope) => OVER[scope])) expect(missing[use]).toEqual([]);
  });

  it('reads a moment to the microsecond, in any time zone', () => {
    const noon = instantOf('2026-05-04T12:00:00+00:00');
    expect(instantOf('2026-05-04T12:00:00.000001+00:00') - noon).toBe(1);
    expect(instantOf('2026-05-04T13:00:00.25+01:00') - noon).toBe(250_000);
  });
});
