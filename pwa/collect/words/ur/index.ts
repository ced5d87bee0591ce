import { en, type Words } from '../en';
import { withEnglish } from '../fallback';
import { agreeing } from './agreeing';
import { capturing } from './capturing';
import { keeping } from './keeping';
import { opening } from './opening';
import { problems } from './problems';

/** Every sentence that a person reads in the app, in Urdu. */
export const ur: Words = withEnglish(en, { ...opening, ...agreeing, ...capturing, ...keeping, problems });
