// A story's page: its players, its transcripts, and choosing excerpts.
import { offerEnglish } from './listening/english';
import { Listening } from './listening/listening';
import { Watching } from './listening/progress';
import { keepToOneVoice } from './sound/one-voice';

for (const section of document.querySelectorAll<HTMLElement>('[data-recording]')) {
  new Listening(section);
  offerEnglish(section);
}
for (const steps of document.querySelectorAll<HTMLElement>('[data-progress]')) new Watching(steps);

keepToOneVoice();

// "The excerpt is made" is said once: loading the page again does not repeat it.
const address = new URL(location.href);
if (address.searchParams.has('made')) {
  address.searchParams.delete('made');
  history.replaceState(history.state, '', address);
}
