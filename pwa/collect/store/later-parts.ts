import { Refusal } from '../domain/codes';
import { writable, type Readable } from '../domain/readable';

const missing = new Set<string>();
const isMissing = writable(false);

/** Whether a part of the app is needed and could not be fetched. */
export const partMissing: Readable<boolean> = isMissing;

/**
 * A part of the app that is fetched after its first screen. Some browsers, such as Firefox, remember for as long as the
 * page is open that it could not be fetched, at any address that asks for the same files: only opening the app again
 * helps there. Throws `open_again`.
 */
export async function needed<Part>(name: string, fetched: Promise<Part>): Promise<Part> {
  try {
    const part = await fetched;
    missing.delete(name);
    return part;
  } catch {
    missing.add(name);
    throw new Refusal('open_again', name);
  } finally {
    if (isMissing.get() !== missing.size > 0) isMissing.set(missing.size > 0);
  }
}

export const hashing = () => needed('hashing', import('./whole-hash'));
export const stretching = () => needed('stretching', import('./argon'));
