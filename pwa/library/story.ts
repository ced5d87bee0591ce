// A story's page: its players, its transcripts, choosing excerpts, and the themes on them.
import { beginAt } from './listening/beginning';
import { offerEnglish } from './listening/english';
import { Listening } from './listening/listening';
import { Watching } from './listening/progress';
import { keepToOneVoice } from './sound/one-voice';
import { Board } from './theming/board';
import { watchPassages } from './theming/passages';

const listening = [...document.querySelectorAll<HTMLElement>('[data-recording]')].map((section) => {
  offerEnglish(section);
  return new Listening(section);
});
const theming = document.getElementById('theming');
if (theming) {
  const board = new Board(theming, listening);
  for (const one of listening) one.pickFor(board);
  watchPassages(listening, board);
}
for (const steps of document.querySelectorAll<HTMLElement>('[data-progress]')) new Watching(steps);

keepToOneVoice();

// "The excerpt is made" is said once: loading the page again does not repeat it.
// Nor does it begin to play again.
const address = new URL(location.href);
beginAt(address, listening);
if (address.searchParams.has('made') || address.searchParams.has('at')) {
  address.searchParams.delete('made');
  address.searchParams.delete('at');
  history.replaceState(history.state, '', address);
}
