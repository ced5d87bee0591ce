/**
 * Two short tones and a buzz: recording has stopped, and nobody may be looking at the screen. A phone that can do only
 * one of them does that one, and nothing here stands in the way of saving what was heard.
 */
export function soundAlarm(): void {
  navigator.vibrate?.([300, 150, 300]);
  try {
    soundTones();
  } catch {
    // No sound to be had, as during a call. The page says it in large letters.
  }
}

function soundTones(): void {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.2, context.currentTime);
  volume.gain.setValueAtTime(0, context.currentTime + 0.25);
  volume.gain.setValueAtTime(0.2, context.currentTime + 0.4);
  tone.connect(volume).connect(context.destination);
  tone.onended = () => void context.close().catch(() => undefined);
  tone.start();
  tone.stop(context.currentTime + 0.65);
}
