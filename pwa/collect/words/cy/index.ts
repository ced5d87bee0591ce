import { en, type Words } from '../en';
import { withEnglish } from '../fallback';

/** Every sentence that a person reads in the app, in Welsh. */
export const cy: Words = withEnglish(en, {});
