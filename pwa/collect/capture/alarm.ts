/** Two short tones and a buzz: recording has stopped, and nobody may be looking at the screen. */
export function soundAlarm(): void {
  navigator.vibrate?.([300, 150, 300]);
  if (typeof AudioContext === 'undefined') return;
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
