import { dayAndTime, number, spokenLength } from './forms';

/** Opening the app, the first page, and pages that went wrong. */
export const opening = {
  app: {
    name: 'Earshot',
    title: (page: string) => `${page} – Earshot`,
    skip: 'Skip to the main part',
    opening: 'Opening Earshot',
    openingMore: 'Looking at what is kept on this phone.',
    back: 'Back',
    goHome: 'Go to the first page',
    continue: 'Continue',
    when: (iso: string) => dayAndTime.format(new Date(iso)),
    length: spokenLength,
    brightScreen: 'Bright screen',
    darkScreen: 'Dark screen',
    online: 'Online',
    offline: 'No connection',
  },

  signIn: {
    title: 'Sign in to start',
    why: 'Sign in once on this phone. After that, Earshot opens and works with no signal.',
    action: 'Sign in',
    offline: 'This phone cannot reach Earshot now. Find a signal or Wi-Fi, then sign in.',
    again: 'Sign in again',
    againTitle: 'You are signed out',
    againWhy: 'Nothing is lost. You can carry on here. Sign in again so that the stories on this phone can be sent.',
    tryAgain: 'Look again',
  },

  language: {
    title: 'Choose a language',
    why: 'Earshot speaks to you in this language. What people told you stays as they said it.',
    link: 'Language',
    inUse: 'chosen now',
  },

  home: {
    project: 'Project',
    start: 'Start a conversation',
    change: 'Change project',
    noProject: 'You have no project yet',
    noProjectWhy: 'Ask the person who runs your project to invite you as a researcher. Then come back here.',
    allSent: 'Everything is sent',
    allSentMore: 'No story is waiting on this phone.',
    waiting: (n: number) => `${number(n, 'story is', 'stories are')} only on this phone`,
    waitingOnline: 'All of it is safe here. It is sent while Earshot is open and unlocked. Earshot locks after 5 minutes without a touch.',
    waitingOffline: 'All of it is safe here. It is sent when there is a connection.',
    needsYou: (n: number) => `${number(n, 'story needs', 'stories need')} you`,
    seeOutbox: 'See what is on this phone',
    openLatest: (name: string) => `Go back to the last story: ${name}`,
    trouble: 'Earshot needs you',
    withdrawn: (n: number) => `${number(n, 'story was', 'stories were')} withdrawn`,
    withdrawnWhy: 'It was their choice. Nothing of it is on this phone any more.',
    demo: 'This project is made up, for trying things out. Do not put real people’s stories in it.',
    install: 'Keep Earshot on this phone',
    installWhy: 'Add it to your home screen. It opens faster, and the phone keeps your stories safe for longer.',
    installAction: 'Add to home screen',
    installByHand: 'In your browser’s menu, choose “Add to Home Screen”.',
    updateTitle: 'A newer Earshot is ready',
    updateWhy: 'Changing takes a few seconds. What is saved on this phone stays.',
    updateAction: 'Open the newer one',
    clockTitle: 'The clock on this phone looks wrong',
    clockWhy: 'Set the date and time in the phone’s settings. We have put the right time on what you sent.',
  },

  projects: {
    title: 'Which project is this for?',
    inUse: 'chosen now',
  },

  recovered: {
    title: (milliseconds: number) => {
      const whole = Math.floor(milliseconds / 1000);
      return `Recovered recording, ${whole}–${whole + 1} seconds`;
    },
    why: (name: string) =>
      `Earshot closed while ${name || 'somebody'} was being recorded. Everything up to then is saved on this phone.`,
    locked: 'You can keep it now. Unlock Earshot to go on with it or to delete it.',
    keep: 'Keep it',
    carryOn: 'Go on recording',
    remove: 'Delete it',
    noneTitle: 'A recording was cut off',
    noneWhy: (name: string) => `Earshot closed as soon as ${name || 'somebody'} was being recorded. No sound was saved.`,
    again: 'Record again',
    close: 'Close this message',
  },

  unknown: {
    title: 'We cannot find that page',
    why: 'Nothing is lost. Go back to the first page and choose again.',
    brokenTitle: 'Something went wrong',
    brokenWhy: 'What was saved is still on this phone. Open Earshot again. If this comes back, tell the person who runs your project.',
    reopen: 'Open Earshot again',
  },
};
