/** Keeps the screen lit while something is being recorded. */
export interface Awake {
  /** Asks to stay awake, again each time the page is seen; `tell` hears whether the phone agreed. */
  begin(tell: (awake: boolean) => void): void;
  end(): void;
}

export function screenAwake(): Awake {
  let stop = new AbortController();

  return {
    begin(tell) {
      stop.abort();
      const { signal } = (stop = new AbortController());
      const ask = async (): Promise<void> => {
        const lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
        const letGo = (): void => void lock?.release().catch(() => undefined);
        if (signal.aborted) return letGo();
        tell(lock !== null);
        lock?.addEventListener('release', () => tell(false), { signal });
        signal.addEventListener('abort', letGo);
      };
      // The phone takes the lock away when the page is hidden.
      const seen = (): void => void (document.visibilityState === 'visible' && ask());
      document.addEventListener('visibilitychange', seen, { signal });
      void ask();
    },
    end: () => stop.abort(),
  };
}
