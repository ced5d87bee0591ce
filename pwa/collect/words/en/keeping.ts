import type { Audience, Content } from '../../domain/consent-decision';
import type { PartState, PartView, StoryState } from '../../domain/story';
import { dayAndTime, list, number, shortened, spokenLength } from './forms';

const CONTENTS: Record<Content, string> = {
  audio: 'their voice', words: 'their words in writing', quote: 'quotes', photo: 'photos',
};

/** Finishing a story, its receipt, and what is on the phone. */
export const keeping = {
  finish: {
    title: 'Is this everything?',
    captured: 'What you captured',
    nothing: 'Nothing was captured. Their answers are kept and will be sent.',
    next: 'What happens now',
    nextSteps: [
      'It is saved on this phone.',
      'It is sent when Earshot can be reached.',
      'It goes only to the people they said yes to.',
    ],
    reachTitle: 'Who can have what',
    audiences: {
      commissioners: 'The people who plan the service',
      board: 'A board',
      publication: 'Print, with no name',
    } satisfies Record<Audience, string>,
    canHave: (contents: readonly Content[]) => list.format(contents.map((one) => CONTENTS[one])),
    canHaveNothing: 'Nothing',
    action: 'Finish this story',
    more: 'No, go back',
  },

  receipt: {
    title: 'Give them their receipt',
    titleFor: (name: string) => `A receipt for ${name}`,
    of: (n: number, of: number) => `Receipt ${n} of ${of}`,
    why: 'With this code they can see what became of their story, and how to take it back. They need no account.',
    how: 'Let them take a photo of this, or write the code down for them.',
    other: 'Somebody who cannot see it can hear it. Somebody who cannot hear can copy the large letters.',
    qr: (link: string) => `QR code for ${link}`,
    code: 'Their code',
    at: (place: string) => `To use it, go to ${place}`,
    asked: 'Keep this. You will be asked for the name in your story.',
    spoken: (place: string, groups: readonly string[]) => [
      `Go to ${place}.`,
      'The code is:',
      ...groups.map((group) => `${[...group].join(', ')}.`),
      'Keep this. You will be asked for the name in your story.',
    ],
    print: 'Print it',
    next: (name: string) => `Next: a receipt for ${name}`,
    done: 'Done',
  },

  part: {
    name: (part: PartView) => {
      if (part.kind === 'recording') return `Recording, ${spokenLength(part.durationMs ?? 0)}`;
      if (part.kind === 'photo') return part.description ? `Photo: ${part.description}` : 'Photo with no description';
      return `Quote: “${shortened(part.text ?? '')}”`;
    },
    sending: (percent: number) => `Sending ${percent} %`,
    lostMarks: (n: number) => `${number(n, 'mark', 'marks')} in it could not be read. The sound is safe.`,
    states: {
      open: 'Being recorded now',
      waiting: 'Only on this phone',
      sending: 'Sending',
      stored: 'Sent and checked',
      refused: 'Only on this phone',
      needs_sign_in: 'Only on this phone until you sign in',
    } satisfies Record<PartState, string>,
  },

  remove: {
    action: 'Delete from this phone',
    title: (what: string) => `Delete this? ${what}`,
    why: 'Once deleted, it cannot be brought back. The rest of the story stays.',
    sure: 'Yes, delete it',
    no: 'No, keep it',
    notDone: 'It is not deleted',
  },

  outbox: {
    title: 'What is on this phone',
    empty: 'No stories are kept here yet.',
    offline: 'No connection now. What waits is sent when there is one.',
    lastChecked: (iso: string) => `Earshot last answered on ${dayAndTime.format(new Date(iso))}.`,
    neverChecked: 'Earshot has not answered this phone yet.',
    tryNow: 'Try now',
    sendingNow: 'Sending now.',
    retry: 'Try this again',
    open: 'Open the story',
    receipt: 'Show the receipt',
    needs: (what: string) => `Needs you: ${what}`,
    storyStates: {
      only_here: (sent, of) => `Only on this phone. ${sent} of ${of} parts sent`,
      sending: (sent, of) => `Sending. ${sent} of ${of} parts sent`,
      stored: () => 'Sent and checked',
      needs_attention: (sent, of) => `Needs you. ${sent} of ${of} parts sent`,
      needs_sign_in: (sent, of) => `Only on this phone until you sign in. ${sent} of ${of} parts sent`,
    } satisfies Record<StoryState, (sent: number, of: number) => string>,
    waitingStories: 'Not all sent yet',
    sentStories: 'Sent and checked',
  },
};
