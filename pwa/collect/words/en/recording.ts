import { number } from './forms';

/** Before and beside a recording: the check, and the moments that are marked. */
export const recording = {
  ready: {
    title: 'Before you start',
    why: 'A quick look at this phone, once a day.',
    skip: 'Start without checking',
    start: 'Start the conversation',
    found: 'What we found',
    microphone: {
      title: 'Microphone',
      ask: 'Say something, and see the bars move.',
      try: 'Try the microphone',
      asking: 'The phone asks whether Earshot may use the microphone. Say yes.',
      waiting: 'We hear nothing yet. Say something close to the phone.',
      heard: 'We can hear you.',
    },
    room: {
      title: 'Room for sound',
      enough: (minutes: number) => `Room for ${roughly(minutes)} of recording.`,
      little: (minutes: number) => `Room for only ${roughly(minutes)}. Send what is waiting, or free some space.`,
      none: 'There is no room left. Free some space first.',
      unknown: 'This phone does not say how much room is left.',
    },
    storage: {
      title: 'Keeping it safe',
      kept: 'The phone has promised to keep what you record.',
      not_promised: 'The phone has not promised to keep what you record. Send it soon, and do not clear the browser’s data.',
      ask: 'Ask the phone to keep it',
      refused: 'The phone said no for now. Adding Earshot to the home screen often helps.',
    },
    battery: {
      title: 'Battery',
      enough: (percent: number, charging: boolean) => `${percent} % full${charging ? ', and charging' : ''}.`,
      low: (percent: number) => `Only ${percent} % full. Plug it in if you can.`,
      unknown: 'This phone does not say. Look at it before you start.',
    },
    sent: {
      title: 'Sent so far',
      all: 'Everything is sent.',
      waiting: (n: number) => `${number(n, 'story is', 'stories are')} only on this phone.`,
      last: (when: string) => `Earshot last answered on ${when}.`,
      never: 'Earshot has not answered this phone yet.',
    },
  },

  install: {
    title: 'Put Earshot on your home screen first',
    why: 'In a browser tab, this phone may delete what you record after a week without use. On the home screen it keeps it.',
    steps: [
      'Tap the share button of the browser: a square with an arrow.',
      'Choose “Add to Home Screen”.',
      'Open Earshot from there, and sign in once more.',
    ],
    home: 'Go back',
    anyway: 'Try it anyway',
    anywayWhy: 'If you record here, send everything today.',
  },

  marks: {
    promptHint: 'Tap the question when you ask it, to mark the moment.',
    marked: (time: string) => `Marked at ${time}`,
    markedPrompt: (time: string) => `Question marked at ${time}`,
    notMarked: 'The mark was not kept. Recording goes on.',
    undo: 'Undo',
    about: 'What is it about?',
    noTheme: 'No theme',
    count: (n: number) => number(n, 'moment marked', 'moments marked'),
  },
};

function roughly(minutes: number): string {
  if (minutes < 120) return `about ${number(minutes, 'minute', 'minutes')}`;
  const hours = Math.floor(minutes / 60);
  return hours >= 24 ? 'more than a day' : `about ${number(hours, 'hour', 'hours')}`;
}
