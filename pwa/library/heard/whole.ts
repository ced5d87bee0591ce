// An excerpt that waits for somebody to listen to it: playing all of it says so by itself.
import { joined, Played, type Stretch } from './played';

/** A player may stop a little before the end of what it plays. */
const SHORT_MS = 400;

/** Whether these stretches are the whole of something this long. */
export function isWhole(stretches: readonly Stretch[], length: number): boolean {
  const [first, ...more] = joined(stretches);
  return first !== undefined && more.length === 0 && first[0] <= SHORT_MS && first[1] >= length - SHORT_MS;
}

export function tellWhenWhole(form: HTMLFormElement, sound: HTMLAudioElement): void {
  const played = new Played();
  const stretches: Stretch[] = [];
  let told = false;

  const look = (): void => {
    if (sound.seeking) return;
    played.at({
      at: sound.currentTime * 1000,
      now: performance.now(),
      playing: !sound.paused && !sound.ended,
      speed: sound.playbackRate,
      audible: !sound.muted && sound.volume > 0,
    });
  };
  const tell = async (): Promise<void> => {
    look();
    stretches.push(...played.take());
    if (told || !isWhole(stretches, sound.duration * 1000)) return;
    told = true;
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form) }).catch(() => null);
    told = answer?.ok ?? false;
    if (told) say(form);
  };
  for (const name of ['playing', 'timeupdate', 'ratechange', 'volumechange']) sound.addEventListener(name, look);
  sound.addEventListener('seeking', () => played.leap());
  for (const name of ['pause', 'ended']) sound.addEventListener(name, () => void tell());
}

function say(form: HTMLFormElement): void {
  const line = document.createElement('p');
  line.setAttribute('role', 'status');
  line.textContent = 'You have listened to all of it, and that is noted with your name.';
  form.replaceWith(line);
}
