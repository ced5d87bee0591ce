import type { UpdateView } from '../app-core';
import { writable, type Readable } from '../domain/readable';

/** What is needed of a service worker registration, so that tests need no browser. */
export interface Updates {
  /** Calls back when a newer app has been fetched and waits. */
  onReady(call: () => void): void;
  /** Lets the newer app take over and reloads this page into it. */
  apply(): void;
}

/** Offers a newer app, and holds it back while somebody is recording or something is being sent. */
export class UpdateOffer {
  private readonly shown = writable<UpdateView>({ ready: false, deferred: false });

  constructor(
    private readonly updates: Updates,
    private readonly busy: () => Promise<boolean>,
  ) {
    updates.onReady(() => {
      this.shown.set({ ready: true, deferred: true });
      void this.look();
    });
  }

  get view(): Readable<UpdateView> {
    return this.shown;
  }

  /** Call when what keeps the phone busy may have changed. */
  async look(): Promise<void> {
    if (!this.shown.get().ready) return;
    const deferred = await this.busy();
    if (deferred !== this.shown.get().deferred) this.shown.set({ ready: true, deferred });
  }

  async apply(): Promise<void> {
    await this.look();
    const { ready, deferred } = this.shown.get();
    if (ready && !deferred) this.updates.apply();
  }
}

/** Updates by the service worker of this browser; without one, as in private windows of some, there are none. */
export function browserUpdates(
  workers: ServiceWorkerContainer | undefined = import.meta.env.PROD ? navigator.serviceWorker : undefined,
  reload = (): void => location.reload(),
): Updates {
  let waiting: ServiceWorker | null = null;
  let ready = (): void => undefined;
  let taken = false;

  const watch = (registration: ServiceWorkerRegistration): void => {
    const found = (worker: ServiceWorker | null): void => {
      if (!worker || !workers?.controller) return;
      waiting = worker;
      ready();
    };
    found(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => worker.state === 'installed' && found(worker));
    });
  };

  /** Another tab changed to the newer app. This page goes on with the older one, whose files are gone from now on. */
  const watchOtherTabs = (container: ServiceWorkerContainer): void => {
    let old = container.controller;
    container.addEventListener('controllerchange', () => {
      taken = old !== null;
      old = container.controller;
      if (taken) ready();
    });
  };

  /** A page that was opened while the worker began, or past it, is not its client: a newer app would not wait for it. */
  const becomeClient = async (container: ServiceWorkerContainer): Promise<void> => {
    const { active } = await container.ready;
    if (!container.controller) active?.postMessage({ type: 'CLAIM' });
  };

  return {
    onReady(call) {
      ready = call;
      if (!workers) return;
      watchOtherTabs(workers);
      void workers
        .register('/collect/service-worker.js', { scope: '/collect/' })
        .then(watch)
        .then(() => becomeClient(workers))
        // Without a worker the app still works while there is a signal.
        .catch(() => undefined);
    },
    apply() {
      if (taken) return reload();
      workers?.addEventListener('controllerchange', () => reload(), { once: true });
      waiting?.postMessage({ type: 'SKIP_WAITING' });
    },
  };
}
