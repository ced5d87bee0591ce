const KEY = 'earshot.bright';

function kept(): boolean {
  try {
    return localStorage.getItem(KEY) === 'yes';
  } catch {
    return false;
  }
}

let bright = $state(kept());

/** Whether the recorder is bright, to be read in the sun, or dark, so that it does not come between two people. */
export const brightness = {
  get bright() {
    return bright;
  },
  change(): void {
    bright = !bright;
    try {
      localStorage.setItem(KEY, bright ? 'yes' : 'no');
    } catch {
      // A browser that keeps nothing is dark again next time.
    }
  },
};
