import { en, type Words } from '../en';
import { withEnglish } from '../fallback';

/** Every sentence that a person reads in the app, in Urdu. */
export const ur: Words = withEnglish(en, {});
