import { beforeEach, describe, expect, it } from 'vitest';
import { Guard } from '../../collect/app/guard';
import { Refusal } from '../../collect/domain/codes';
import { Database } from '../../collect/store/database';
import { importSecret, newKeyPair, openSealed, type Bytes } from '../../collect/store/sealing';
import { eventually } from '../eventually';
import { CHEAP, PIN, newDatabase } from '../makers';

const MINUTE = 60_000;
const DAYTIME = Date.parse('2026-11-21T10:00:00Z');

let database: Database;
/** By the clock that only grows. */
let time: number;
/** What the time of day has moved by beside that. */
let asleep: number;
let busy: boolean;
let opened: number;
let look: () => void;
let touch: () => void;
let serverOpens: (sealed: Uint8Array, password: string) => Promise<Bytes>;

function newGuard(): Guard {
  return new Guard({
    database,
    api: { unlock: (_device, sealed, password) => serverOpens(sealed, password) },
    clock: () => time,
    now: () => DAYTIME + time + asleep,
    every: (_ms, call) => {
      look = call;
      return () => undefined;
    },
    onTouch: (call) => (touch = call),
    isBusy: () => busy,
    onOpened: () => (opened += 1),
  });
}

/** The same database in another tab. */
function sameDatabase(first: Database): Promise<Database> {
  return Promise.resolve(new Database((first as unknown as { name: string }).name, CHEAP));
}

beforeEach(async () => {
  database = await newDatabase();
  [time, asleep, busy, opened] = [0, 0, false, 0];
  serverOpens = () => Promise.reject(new Refusal('unreachable'));
});

describe('the lock closes by itself', () => {
  it('when nobody has touched the app for five minutes', () => {
    const guard = newGuard();
    time = 5 * MINUTE - 1;
    look();
    expect(guard.view.get().state).toBe('open');
    time = 5 * MINUTE;
    look();
    expect(guard.view.get().state).toBe('locked');
  });

  it('not while somebody touches it', () => {
    const guard = newGuard();
    for (let minute = 1; minute < 12; minute += 1) {
      time = minute * MINUTE;
      touch();
      look();
    }
    expect(guard.view.get().state).toBe('open');
  });

  it('never while it records, and five minutes after that', () => {
    const guard = newGuard();
    busy = true;
    time = 60 * MINUTE;
    look();
    expect(guard.view.get().state).toBe('open');
    busy = false;
    time = 64 * MINUTE;
    look();
    expect(guard.view.get().state).toBe('open');
    time = 65 * MINUTE;
    look();
    expect(guard.view.get().state).toBe('locked');
  });

  it('before a touch counts, when somebody comes back to it after a long time', () => {
    const guard = newGuard();
    time = 9 * MINUTE;
    touch();
    expect(guard.view.get().state).toBe('locked');
  });

  it.each([['is touched', () => touch()], ['looks by itself', () => look()]])(
    'when it %s after hours in a pocket, where its growing clock stood still',
    (_case, wakes) => {
      const guard = newGuard();
      asleep = 5 * MINUTE - 1;
      wakes();
      expect(guard.view.get().state).toBe('open');
      asleep += 180 * MINUTE;
      wakes();
      expect(guard.view.get().state).toBe('locked');
    },
  );

  it('after five minutes by the clock that only grows, though the time of day was put back', () => {
    const guard = newGuard();
    [time, asleep] = [5 * MINUTE, -4 * MINUTE];
    look();
    expect(guard.view.get().state).toBe('locked');
  });

  it('at once where the time of day went back, for then nobody knows how long it was', () => {
    const guard = newGuard();
    [time, asleep] = [MINUTE, -MINUTE - 5_001];
    touch();
    expect(guard.view.get().state).toBe('locked');
  });

  it('not where a network puts the time of day right by some seconds, and still after five minutes', () => {
    const guard = newGuard();
    [time, asleep] = [2_000, -5_000];
    touch();
    look();
    expect(guard.view.get().state).toBe('open');
    [time, asleep] = [2_000 + 5 * MINUTE, -10_000];
    look();
    expect(guard.view.get().state).toBe('locked');
  });

  it('never while it records, whatever the time of day says, and counts anew from there', () => {
    const guard = newGuard();
    busy = true;
    for (const jump of [600 * MINUTE, -600 * MINUTE]) {
      asleep = jump;
      touch();
      look();
    }
    busy = false;
    look();
    expect(guard.view.get().state).toBe('open');
    asleep += 5 * MINUTE;
    look();
    expect(guard.view.get().state).toBe('locked');
  });

  it('not for what its clocks did while it recorded, when somebody goes on after an interruption', () => {
    const guard = newGuard();
    for (const jump of [600 * MINUTE, -600 * MINUTE]) {
      busy = true;
      asleep = jump;
      guard.stayOpen();
      busy = false;
      touch();
      expect(guard.view.get().state).toBe('open');
    }
  });

  it('and then what was captured since is closed as well', async () => {
    const guard = newGuard();
    const sealed = await database.vault.seal('quotes/1', 'words');
    guard.lock();
    const captured = await database.vault.seal('quotes/2', 'captured while locked');
    expect(guard.view.get().closings).toBe(1);
    expect(await database.vault.open('quotes/2', captured)).toBe('captured while locked');
    time = 5 * MINUTE;
    look();
    expect(guard.view.get().closings).toBe(2);
    for (const [place, row] of [['quotes/1', sealed], ['quotes/2', captured]] as const)
      await expect(database.vault.open(place, row)).rejects.toMatchObject({ code: 'locked' });
  });
});

describe('two tabs', () => {
  it('lock together by hand, but not under a recording', async () => {
    const other = await sameDatabase(database);
    const guard = newGuard();
    await other.vault.unlock(PIN);
    const second = new Guard({
      database: other,
      api: { unlock: () => Promise.reject(new Refusal('unreachable')) },
      clock: () => time,
      now: () => DAYTIME + time,
      every: () => () => undefined,
      onTouch: () => undefined,
      isBusy: () => busy,
      onOpened: () => undefined,
    });
    busy = true;
    guard.lock();
    await new Promise((done) => setTimeout(done, 50));
    expect(second.view.get().state).toBe('open');
    busy = false;
    guard.lock();
    await eventually(() => expect(second.view.get().state).toBe('locked'));
    other.close();
  });
});

describe('opening the lock', () => {
  it('tells the app, which then sends what waits', async () => {
    const guard = newGuard();
    guard.lock();
    await guard.unlock(PIN);
    expect(guard.view.get()).toEqual({ state: 'open', waitMs: 0, opening: false, closings: 1 });
    expect(opened).toBe(1);
  });

  it('says how long to wait after many wrong PINs (fault 33)', async () => {
    const guard = newGuard();
    guard.lock();
    for (const wrong of ['999990', '999991', '999992', '999993'])
      await expect(guard.unlock(wrong)).rejects.toMatchObject({ code: 'wrong_secret' });
    expect(guard.view.get().waitMs).toBeGreaterThan(0);
    expect(opened).toBe(0);
  });

  it('with a forgotten PIN asks the server, and is refused before the two have met', async () => {
    const guard = newGuard();
    guard.lock();
    await expect(guard.openAgain('my password', 'kitchen door')).rejects.toMatchObject({ code: 'no_rescue' });
  });

  it('with a forgotten PIN needs the account’s password and leaves everything readable', async () => {
    const server = await newKeyPair();
    const secret = await importSecret(server.secret);
    await database.vault.trust({ keyId: 'server', point: server.point, forWhom: 'phone person' });
    const guard = newGuard();
    await guard.unlock(PIN);
    const sealed = await database.vault.seal('quotes/1', 'words');
    guard.lock();
    serverOpens = (blob, password) =>
      password === 'my password'
        ? openSealed(secret, 'earshot key 1 phone person', new Uint8Array(blob))
        : Promise.reject(new Refusal('signed_out'));
    await expect(guard.openAgain('a guess', 'kitchen door')).rejects.toMatchObject({ code: 'signed_out' });
    await guard.openAgain('my password', 'kitchen door');
    expect(await database.vault.open('quotes/1', sealed)).toBe('words');
  });
});
