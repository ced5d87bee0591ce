// One voice at a time.

/** Stops every other sound of the page when one begins. */
export function keepToOneVoice(): void {
  document.addEventListener(
    'play',
    (event) => {
      for (const sound of document.querySelectorAll('audio')) if (sound !== event.target) sound.pause();
    },
    true,
  );
}
