import type { WaitsFor } from '../../domain/taken-back';
import { sizesIn } from '../sizes';
import { dayAndTime, number } from './forms';

const size = sizesIn('en-GB');

/** `collector` is who collected the story, `me` who is signed in. */
type Why = (collector: string, me: string) => string;

/** How things leave the phone, what can be done with those that cannot, and stories that are taken back. */
export const sending = {
  sending: {
    title: 'How things are sent',
    link: 'How things are sent',
    wifiOnly: 'Send sound and photos by Wi-Fi only',
    wifiOnlyWhy: 'Words are small. They go by whatever there is.',
    lines: {
      wifi: 'This phone is on Wi-Fi now.',
      mobile: 'This phone is on mobile data now.',
      unknown: 'This phone does not say whether it is on Wi-Fi. Sound and photos then wait until you send them by hand.',
    },
    kept: 'What was sent stays here for as long as your project wishes, and then makes room by itself.',
    keptNow: (bytes: number) => `${size(bytes)} is sent and still kept here. It makes room by itself.`,

    waitsTitle: 'Sound and photos wait for Wi-Fi',
    waits: (bytes: number) => `${size(bytes)} waits on this phone. It is safe here.`,
    waitsUnknown: (bytes: number) =>
      `${size(bytes)} waits. This phone does not say whether it is on Wi-Fi, so it waits for you.`,
    now: 'Send sound and photos now',

    locked: 'All of it is safe here. It is sent when you unlock Earshot.',
    wifi: 'All of it is safe here. Sound and photos wait for Wi-Fi.',
    shutOut: 'All of it is safe here, and none of it is sent.',

    revokedTitle: 'This phone was shut out',
    revokedWhy:
      'An administrator has shut this phone out of Earshot, so nothing is sent from it. Everything that was not sent is still here, and locked.',
    revokedNext: 'Speak to your administrator. You can save a story to a file for them.',

    more: (left: number) => `Show more. ${number(left, 'story is', 'stories are')} not shown`,
  },

  itemFile: {
    action: 'Save this to a file',
    story: 'Save this story to a file',
    stuck: 'If it cannot be sent',
    stuckWhy: 'Save it to a file for your administrator. It is sealed, so that only the server can open it.',
    saving: 'Saving. Keep this page open',
    saved: 'It is saved. Give the file to your administrator. Only the server can open it.',
    kept: 'What is here stays here.',
    damaged: 'Some of it is damaged on this phone, and is not in the file. Tell your administrator.',
  },

  takeBack: {
    link: 'Take this story back',
    title: (name: string) => `Take back the story of ${name}?`,
    why: 'It is theirs, and they need give no reason.',
    steps: [
      'It leaves this phone now.',
      'What was sent is deleted on the server, once this phone has told it.',
      'This cannot be undone.',
    ],
    sure: 'Yes, take it back',
    no: 'No, keep it',
    notDone: 'It is not taken back',
    doneTitle: 'It is taken back',
    done: 'Nothing of it is on this phone any more. Thank them for having shared it.',
    told: 'The server has been told.',
    seeList: 'See what it waits for',
    waiting: (n: number) => `${number(n, 'story was', 'stories were')} taken back. That is not finished with the server.`,
    nothingHere: 'Nothing of what was taken back is on this phone any more.',
    listTitle: 'Taken back, and not finished with the server',
    one: (iso: string) => `Taken back on ${dayAndTime.format(new Date(iso))}`,
    collector: 'whoever heard the story',
    waitsFor: {
      server: () => 'The server is told when it can be reached.',
      asked_for_another: (_collector, me) =>
        `This was not a story of ${me}. Earshot asks the server all the same, when it can be reached. Look later to see if it took it.`,
      once_more: () => 'The server knows, and the story has ended there. Earshot tells it once more, to be sure.',
      locked: () => 'The server does not know yet. This waits until Earshot is unlocked on this phone.',
      signed_out: (collector) =>
        `The server does not know yet. Nobody is signed in on this phone. This waits until ${collector}, or somebody else of the project, signs in here.`,
      not_taken: (collector, me) =>
        `The server does not take this from ${me}. It waits until ${collector}, or an administrator of the project, signs in here. Or save it to a file for an administrator.`,
      left: (_collector, me) =>
        `The server does not take this from ${me} any more. It waits until an administrator of the project signs in here. Or save it to a file for them.`,
      damaged: () =>
        'The note of it on this phone is damaged, so it cannot be sent. Tell an administrator now that this story was taken back.',
      shut_out: () =>
        'The server does not know, because this phone is shut out. Tell an administrator now. You can save this to a file for them.',
    } as Record<Exclude<WaitsFor, 'refused'>, Why>,
    refused: (why: string) => `The server did not take it. ${why} Speak to your administrator now.`,
  },
};
