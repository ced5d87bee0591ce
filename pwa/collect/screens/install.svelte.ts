/** The event in which Chromium offers to install; no browser's types name it. */
interface InstallOffer extends Event {
  prompt(): Promise<void>;
}

let offer = $state.raw<InstallOffer | null>(null);

window.addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  offer = event as InstallOffer;
});
window.addEventListener('appinstalled', () => (offer = null));

const onHomeScreen = matchMedia('(display-mode: standalone)').matches || Reflect.get(navigator, 'standalone') === true;

export const install = {
  get canAsk() {
    return offer !== null;
  },
  /** Safari on a phone installs by its own menu alone, and forgets a site that is not installed. */
  byHand: !onHomeScreen && 'standalone' in navigator,
  async ask(): Promise<void> {
    const asked = offer;
    offer = null;
    await asked?.prompt();
  },
};
