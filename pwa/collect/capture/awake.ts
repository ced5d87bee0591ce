/** Keeps the screen lit while something is being recorded. */
export interface Awake {
  /** Asks to stay awake, again each time the page is seen; `tell` hears whether the phone agreed. */
  begin(tell: (awake: boolean) => void): void;
  end(): void;
}

export function screenAwake(): Awake {
  let lock: WakeLockSentinel | null = null;
  let stop = new AbortController();

  return {
    begin(tell) {
      const { signal } = (stop = new AbortController());
      const ask = async (): Promise<void> => {
        lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
        if (signal.aborted) return void lock?.release();
        tell(lock !== null);
        lock?.addEventListener('release', () => tell(false), { signal });
      };
      // The phone takes the lock away when the page is hidden.
      const seen = (): void => void (document.visibilityState === 'visible' && ask());
      document.addEventListener('visibilitychange', seen, { signal });
      void ask();
    },
    end() {
      stop.abort();
      void lock?.release().catch(() => undefined);
      lock = null;
    },
  };
}
