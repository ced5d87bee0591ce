/** Codes the phone makes itself. Each has words in `words/`. */
export const PHONE_CODES = [
  'unreachable', // no answer came
  'being_stored', // all of it arrived; the server is putting it where it stays
  'held', // it arrived before what it belongs to
  'story_missing', // the story is not on this phone any more
  'not_earshot', // something other than our server answered, such as a Wi-Fi sign-in page
  'receipt_mismatch', // the server's receipt is for other bytes
  'damaged_on_phone', // the bytes here no longer match their own hash
  'other_person', // taken by somebody else who must sign in to send it
  'microphone_refused',
  'microphone_missing',
  'microphone_lost',
  'silence', // the microphone went dead, as after a phone call
  'no_sound_arriving', // the recorder stopped handing over sound
  'hidden', // the phone stopped the microphone while nobody could see the app
  'slept', // the phone slept, and nothing was recorded meanwhile
  'not_saved', // the phone would not write, twice
  'phone_full',
  'empty_recording',
  'close_other_tabs', // an old tab holds the database
  'already_sent',
  'may_be_sent', // it was tried, and no answer has shown that the server has none of it
  'already_recording',
  'locked', // it is kept, and only the PIN opens it
  'wrong_secret', // another PIN or passphrase
  'wait_longer', // too many wrong ones: not now
  'weak_secret', // too short, or easily guessed
  'no_rescue', // the server never met this phone's lock
  'already_locked', // a lock was set up before, as in another tab
  'waits_for_wifi', // somebody chose that sound and photos go by Wi-Fi alone
  'no_rescue_key', // the server has not yet said to whom a file is to be sealed
  'newer_app_open', // a newer app has changed the database while this page was open
  'open_again', // a part of the app could not be fetched, which some browsers remember until the page is opened again
  'app_unavailable', // a needed browser feature is missing
] as const;

/** Codes the server gives, as its problem documents name them. */
export const SERVER_CODES = [
  'signed_out',
  'csrf_failed',
  'device_revoked',
  'same_id_other_content',
  'withdrawn',
  'not_found',
  'use_refused',
  'wording_mismatch',
  'empty_file',
  'too_large',
  'hash_mismatch',
  'manifest_mismatch',
  'unsupported_audio',
  'audio_damaged',
  'unsupported_image',
  'image_too_large',
  'image_damaged',
  'invalid',
  'too_many_attempts',
  'storage_full',
  'unavailable',
  'failed',
  'bad_request',
  'upload_busy',
  'too_much_unfinished',
  'wrong_offset',
  'checksum_mismatch',
  'wrong_content_type',
  'wrong_tus_version',
  'method_not_allowed',
  'sign_in_failed',
  'seal_broken',
] as const;

export type PhoneCode = (typeof PHONE_CODES)[number];
export type ServerCode = (typeof SERVER_CODES)[number];
/** Newer servers may send codes this app has not met; their own message is shown then. */
export type Code = PhoneCode | ServerCode | (string & {});

/** Something the phone cannot do, with the code that says why. */
export class Refusal extends Error {
  constructor(readonly code: Code, detail?: string) {
    super(detail ?? code);
    this.name = 'Refusal';
  }
}
