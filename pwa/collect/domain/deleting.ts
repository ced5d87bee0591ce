import type { Code } from './codes';
import type { EntryStanding } from './outbox';

/** What the server says of something that it has looked at and not kept. The same again gets the same answer. */
const NOT_KEPT = new Set<Code>([
  'use_refused', 'invalid', 'empty_file', 'too_large', 'hash_mismatch', 'manifest_mismatch', 'unsupported_audio',
  'audio_damaged', 'unsupported_image', 'image_too_large', 'image_damaged',
]);

/**
 * Why a part that these entries stand for must not be deleted as if only this phone had it; null when it may be.
 * The answer to a try may have been lost on its way back, so what was ever tried may be there, until an answer shows
 * that it is not.
 */
export function whyNotDeleted(entries: readonly EntryStanding[]): 'already_sent' | 'may_be_sent' | null {
  const files = entries.filter(({ kind }) => kind !== 'manifest');
  // A manifest whose every file was refused for good names nothing that will ever be there.
  const counted = files.length > 0 && files.every(isNotKept) ? files : entries;
  if (counted.some(({ state }) => state === 'stored')) return 'already_sent';
  return counted.some((entry) => !isNotKept(entry) && wasTried(entry)) ? 'may_be_sent' : null;
}

function isNotKept(entry: EntryStanding): boolean {
  const { state, code } = entry;
  if (state !== 'refused' || code === null) return false;
  return NOT_KEPT.has(code) || (code === 'damaged_on_phone' && !wasTried(entry));
}

function wasTried({ state, sentBytes, triedAt }: EntryStanding): boolean {
  return state === 'sending' || sentBytes > 0 || triedAt !== undefined;
}
