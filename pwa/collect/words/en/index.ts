import { agreeing } from './agreeing';
import { capturing } from './capturing';
import { consenting } from './consenting';
import { keeping } from './keeping';
import { locking } from './locking';
import { opening } from './opening';
import { problems } from './problems';
import { recording } from './recording';
import { sending } from './sending';
import { worrying } from './worrying';

/** Every sentence that a person reads in the app, in English. Another language is another folder of this shape. */
export const en = {
  ...opening,
  ...agreeing,
  ...consenting,
  ...capturing,
  ...keeping,
  ...locking,
  ...recording,
  ...sending,
  ...worrying,
  problems,
};

export type Words = typeof en;
