import { beforeEach, describe, expect, it } from 'vitest';
import { Guard } from '../../collect/app/guard';
import { Refusal } from '../../collect/domain/codes';
import { Database } from '../../collect/store/database';
import { importSecret, newKeyPair, openSealed, type Bytes } from '../../collect/store/sealing';
import { eventually } from '../eventually';
import { CHEAP, PIN, newDatabase } from '../makers';

const MINUTE = 60_000;

let database: Database;
let time: number;
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
  [time, busy, opened] = [0, false, 0];
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

  it('before a touch counts, on a phone whose clocks stood still in a pocket', () => {
    const guard = newGuard();
    time = 9 * MINUTE;
    touch();
    expect(guard.view.get().state).toBe('locked');
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
