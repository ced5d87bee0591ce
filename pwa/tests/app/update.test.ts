import { beforeEach, describe, expect, it } from 'vitest';
import { UpdateOffer, browserUpdates } from '../../collect/app/update';
import { eventually } from '../eventually';

class FakeWorker extends EventTarget {
  state = 'installing';
  readonly asked: string[] = [];

  postMessage({ type }: { type: string }): void {
    this.asked.push(type);
  }

  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

/** What a browser says of the workers of one page. */
class FakeWorkers extends EventTarget {
  controller: FakeWorker | null = null;
  readonly registration = Object.assign(new EventTarget(), {
    active: new FakeWorker() as FakeWorker | null,
    installing: null as FakeWorker | null,
    waiting: null as FakeWorker | null,
  });
  readonly ready = Promise.resolve(this.registration);
  registers = true;

  register(): Promise<unknown> {
    return this.registers ? Promise.resolve(this.registration) : Promise.reject(new Error('not allowed here'));
  }

  isUnder(worker: FakeWorker): void {
    this.controller = worker;
    this.dispatchEvent(new Event('controllerchange'));
  }

  /** A newer app is published, and all of it is fetched. */
  fetchNewer(): FakeWorker {
    const newer = new FakeWorker();
    this.registration.installing = newer;
    this.registration.dispatchEvent(new Event('updatefound'));
    newer.become('installed');
    return newer;
  }
}

let workers: FakeWorkers;
let reloads: number;
let busy: boolean;
let offer: UpdateOffer;

/** A page that was just opened. */
async function open(): Promise<void> {
  const container = workers as unknown as ServiceWorkerContainer;
  offer = new UpdateOffer(browserUpdates(container, () => (reloads += 1)), () => Promise.resolve(busy));
  await new Promise((done) => setTimeout(done));
}

beforeEach(() => {
  workers = new FakeWorkers();
  workers.controller = workers.registration.active;
  reloads = 0;
  busy = false;
});

describe('a newer app', () => {
  it('is offered, and takes over when somebody says so', async () => {
    await open();
    expect(offer.view.get()).toEqual({ ready: false, deferred: false });
    const newer = workers.fetchNewer();
    await eventually(() => expect(offer.view.get()).toEqual({ ready: true, deferred: false }));
    expect(newer.asked).toEqual([]);
    await offer.apply();
    expect([newer.asked, reloads]).toEqual([['SKIP_WAITING'], 0]);
    workers.isUnder(newer);
    expect(reloads).toBe(1);
  });

  it('that waited before the page was opened is offered too', async () => {
    workers.registration.waiting = new FakeWorker();
    await open();
    await eventually(() => expect(offer.view.get().ready).toBe(true));
  });

  it('waits while somebody is recording or something is sent', async () => {
    busy = true;
    await open();
    const newer = workers.fetchNewer();
    await offer.apply();
    expect(offer.view.get()).toEqual({ ready: true, deferred: true });
    busy = false;
    await offer.look();
    expect([offer.view.get().deferred, newer.asked]).toEqual([false, []]);
  });

  it('that another tab changed to is offered by a reload, for this page is still the older one', async () => {
    await open();
    workers.isUnder(new FakeWorker());
    await eventually(() => expect(offer.view.get()).toEqual({ ready: true, deferred: false }));
    expect(reloads).toBe(0);
    await offer.apply();
    expect(reloads).toBe(1);
  });
});

describe('a page', () => {
  it('that no worker looks after asks to be looked after, so that a newer app waits for it', async () => {
    workers.controller = null;
    await open();
    const { active } = workers.registration;
    await eventually(() => expect(active?.asked).toEqual(['CLAIM']));
    workers.isUnder(active!);
    expect(offer.view.get().ready).toBe(false);
    workers.fetchNewer();
    await eventually(() => expect(offer.view.get().ready).toBe(true));
  });

  it('that is looked after asks for nothing', async () => {
    await open();
    expect(workers.registration.active?.asked).toEqual([]);
  });

  it('works where no worker may be', async () => {
    workers.registers = false;
    await open();
    expect(offer.view.get()).toEqual({ ready: false, deferred: false });
    offer = new UpdateOffer(browserUpdates(undefined), () => Promise.resolve(false));
    await offer.apply();
    expect(offer.view.get().ready).toBe(false);
  });
});
