import { describe, expect, it } from 'vitest';
import { noAnswers, USES, type Answers } from '../../collect/domain/consent';
import { together } from '../../collect/domain/together';

const yesTo = (...uses: (keyof Answers)[]): Answers => ({
  ...noAnswers(),
  ...Object.fromEntries(uses.map((use) => [use, true])),
});
const NAMES = ['Rose', 'Bob', 'Cath'];
const told = (...all: Answers[]) => all.map((_, at) => ({ id: `${at}`, pseudonym: NAMES[at]! }));
const said = (...all: Answers[]) => all.map((answers, at) => ({ participantId: `${at}`, answers }));
const group = (...all: Answers[]) => together(told(...all), said(...all));

describe('what a group agrees to together', () => {
  it('is what every one of them agrees to, and nothing else', () => {
    const { answers } = group(yesTo('record', 'board', 'photos'), yesTo('record', 'photos'), yesTo('record', 'board'));
    expect(answers).toEqual(yesTo('record'));
  });

  it('is nothing where there is nobody, or somebody whose answers cannot be read', () => {
    expect(group().answers).toEqual(noAnswers());
    const [all, one] = [told(yesTo(), yesTo()), said(yesTo(...USES))];
    expect(together(all, one).answers).toEqual(noAnswers());
    expect(together(all, one).open[0]).toEqual({ use: 'record', yes: ['Rose'], missing: ['Bob'] });
  });

  it('loses a use by one refusal, whichever it is, and says whose yes is missing', () => {
    for (const use of USES) {
      const others = yesTo(...USES);
      const { answers, open } = group(others, { ...others, [use]: false }, others);
      expect(answers).toEqual({ ...others, [use]: false });
      expect(open).toEqual([{ use, yes: ['Rose', 'Cath'], missing: ['Bob'] }]);
    }
  });

  it('names nobody where all of them said no', () => {
    expect(group(yesTo('board'), yesTo('board')).open).toEqual([]);
  });

  it('reaches each audience with what they agreed to', () => {
    expect(group(yesTo('record', 'commissioners', 'publication'), yesTo('record', 'commissioners')).reaches).toEqual([
      { audience: 'commissioners', contents: ['audio', 'quote'] },
      { audience: 'board', contents: [] },
      { audience: 'publication', contents: [] },
    ]);
  });

  it('is what the one person of an earlier app agreed to, who has no id', () => {
    const { answers } = together([{ id: '', pseudonym: 'Rose' }], [{ answers: yesTo('board') }]);
    expect(answers).toEqual(yesTo('board'));
  });
});
