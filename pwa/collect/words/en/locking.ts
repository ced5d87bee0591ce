import { number } from './forms';

/** The phone's own lock, signing out, and deleting everything. */
export const locking = {
  setUpLock: {
    title: 'Choose a PIN for Earshot',
    why: 'Stories are kept on this phone under this PIN. If the phone is lost, nobody can read or hear them without it.',
    label: 'New PIN or password',
    hint: 'At least 6 digits, not in a row, or 8 letters. Not the PIN of the phone.',
    again: 'The same once more',
    againHint: 'So that a slip does not lock you out.',
    different: 'These two are not the same. Write it once more.',
    action: 'Use this PIN',
    working: 'Locking. This takes a moment',
    show: 'Show what I write',
  },

  unlock: {
    title: 'Unlock Earshot',
    why: 'What is on this phone is locked. Unlock it to read, hear or send it.',
    label: 'Your PIN or password',
    hint: 'The one you chose for Earshot on this phone.',
    action: 'Unlock',
    working: 'Unlocking. This takes a moment',
    wait: (milliseconds: number) => {
      const seconds = Math.ceil(milliseconds / 1000);
      const left = seconds < 90 ? number(seconds, 'second', 'seconds') : number(Math.ceil(seconds / 60), 'minute', 'minutes');
      return `Too many wrong PINs. Try again in ${left}. Nothing is lost.`;
    },
    forgotten: 'I do not know the PIN',
    lockedTitle: 'Earshot is locked',
    lockedWhy: 'You can start a conversation. Unlock to see what is here and to send it.',
    lockedUnfinished: 'You may not have finished asking for consent. You can go on with that once Earshot is unlocked.',
  },

  forgotten: {
    title: 'Choose a new PIN',
    why: 'Nothing is lost. With your Earshot password, the server can open this phone again. You need a connection.',
    password: 'Your Earshot password',
    passwordHint: 'The one you sign in with.',
    action: 'Open with a new PIN',
    back: 'Try the PIN again',
  },

  changePin: {
    title: 'Change the PIN',
    now: 'The PIN you use now',
    nowHint: 'So that nobody else changes it.',
    action: 'Change it',
    done: 'The PIN is changed',
  },

  signOut: {
    title: 'Sign out on this phone',
    action: 'Sign out',
    allSent: 'Everything is sent. What is still here stays locked on this phone.',
    waiting: 'All of it stays here, locked. It is sent when you sign in again on this phone.',
    takenBack: 'It stays noted on this phone. See what it waits for.',
    unfinished: 'All of it stays here, locked. You can go on with it when you sign in again on this phone.',
    sendFirst: 'See what is not sent',
    stay: 'Stay signed in',
    failed: 'You are still signed in: Earshot cannot be reached. Try again with a connection.',
    destroyLink: 'Delete everything on this phone',
  },

  destroy: {
    title: 'Delete everything on this phone',
    why: 'Stories, recordings, photos and the PIN are deleted from this phone. What was sent stays on the server.',
    waiting: 'Nobody else has any of it. Deleting it cannot be undone.',
    takenBack: 'If you delete everything now, the server may never know. Send it first.',
    unfinished: 'Nobody else has it. Deleting it cannot be undone.',
    nothingWaits: 'Everything here has been sent.',
    word: 'DELETE',
    label: (word: string) => `To go on, write ${word}`,
    hint: 'In capital letters.',
    wrong: (word: string) => `Write ${word} to go on, or keep everything.`,
    action: 'Delete everything',
    keep: 'Keep everything',
  },

  onlyHere: {
    title: 'Some things are not finished',
    conversations: (n: number) => `Consent is not finished in ${number(n, 'conversation', 'conversations')}.`,
    quotes: (n: number) => `${number(n, 'quote is', 'quotes are')} half written.`,
    photos: (n: number) => `${number(n, 'photo is', 'photos are')} not saved to a story yet.`,
  },

  thisPhone: {
    title: 'This phone',
    link: 'This phone: lock, PIN, sign out',
    signedInAs: (name: string) => `Signed in as ${name}.`,
    lockNow: 'Lock Earshot now',
  },
};
