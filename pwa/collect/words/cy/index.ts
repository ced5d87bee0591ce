import type { Words } from '../en';
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

/** Every sentence that a person reads in the app, in Welsh. */
export const cy: Words = {
  ...opening,
  ...agreeing,
  ...consenting,
  ...recording,
  ...capturing,
  ...keeping,
  ...sending,
  ...worrying,
  ...locking,
  problems,
};
