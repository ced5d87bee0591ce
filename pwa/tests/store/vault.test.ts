import { describe, expect, it } from 'vitest';
import { uuidv7 } from '../../collect/domain/ids';
import { Database } from '../../collect/store/database';
import { importSecret, newKeyPair, openSealed, type Bytes } from '../../collect/store/sealing';
import { Vault } from '../../collect/store/vault';
import { CHEAP, PIN } from '../makers';

/** A phone that the test can close and open again, and turn the clock of. */
class Phone {
  time = 1_000_000;
  readonly name = `earshot-vault-${uuidv7()}`;
  private database = this.open();

  private open(): Database {
    const database = new Database(this.name, CHEAP);
    Object.assign(database, { vault: new Vault(database.keyRows, CHEAP, () => this.time) });
    return database;
  }
  get vault(): Vault {
    return this.database.vault;
  }
  restart(): void {
    this.database.close();
    this.database = this.open();
  }
}

async function phoneWithPin(): Promise<Phone> {
  const phone = new Phone();
  await phone.vault.setUp(PIN);
  return phone;
}

describe('what is sealed', () => {
  it('opens again after a restart, with the PIN and not without', async () => {
    const phone = await phoneWithPin();
    const sealed = await phone.vault.seal('quotes/1', { text: 'Nobody rang' });
    phone.restart();
    await expect(phone.vault.open('quotes/1', sealed)).rejects.toMatchObject({ code: 'locked' });
    await phone.vault.unlock(PIN);
    expect(await phone.vault.open('quotes/1', sealed)).toEqual({ text: 'Nobody rang' });
  });

  it('can be added to while locked, is readable until the next lock, and after the PIN again (fault 32)', async () => {
    const phone = await phoneWithPin();
    phone.restart();
    const sealed = await phone.vault.seal('quotes/1', 'while locked');
    expect(await phone.vault.open('quotes/1', sealed)).toBe('while locked');
    phone.vault.lock();
    await expect(phone.vault.open('quotes/1', sealed)).rejects.toMatchObject({ code: 'locked' });
    await phone.vault.unlock(PIN);
    expect(await phone.vault.open('quotes/1', sealed)).toBe('while locked');
  });

  it('never opens in another place, nor with one bit changed (fault 30)', async () => {
    const { vault } = await phoneWithPin();
    const sealed = await vault.sealBytes('chunks/a/0', new Uint8Array([1, 2, 3]));
    await expect(vault.openBytes('chunks/a/1', sealed)).rejects.toMatchObject({ code: 'damaged_on_phone' });
    const bytes = new Uint8Array(sealed.bytes.slice(0));
    bytes[0]! ^= 1;
    const spoilt = { ...sealed, bytes: bytes.buffer };
    await expect(vault.openBytes('chunks/a/0', spoilt)).rejects.toMatchObject({ code: 'damaged_on_phone' });
  });

  it('never uses a nonce twice, and shows nothing of what it holds', async () => {
    const { vault } = await phoneWithPin();
    const sealed = await Promise.all(Array.from({ length: 200 }, () => vault.seal('quotes/1', 'CANARY CANARY')));
    expect(new Set(sealed.map(({ iv }) => iv.join())).size).toBe(200);
    for (const { bytes } of sealed) expect(new TextDecoder().decode(bytes)).not.toContain('CANARY');
  });

  it('is refused before there is a lock', async () => {
    await expect(new Phone().vault.seal('quotes/1', 'words')).rejects.toMatchObject({ code: 'locked' });
  });
});

describe('the PIN', () => {
  it('that is wrong ten times makes the next try wait, and loses nothing (fault 33)', async () => {
    const phone = await phoneWithPin();
    const sealed = await phone.vault.seal('quotes/1', 'kept');
    phone.restart();
    for (let tries = 0; tries < 10; tries += 1) {
      phone.time += await phone.vault.wait();
      await expect(phone.vault.unlock('999999')).rejects.toMatchObject({ code: 'wrong_secret' });
    }
    await expect(phone.vault.unlock(PIN)).rejects.toMatchObject({ code: 'wait_longer' });
    expect(await phone.vault.wait()).toBe(128_000);
    phone.restart();
    expect(await phone.vault.wait()).toBe(128_000);
    phone.time += 128_000;
    await phone.vault.unlock(PIN);
    expect(await phone.vault.open('quotes/1', sealed)).toBe('kept');
    expect(await phone.vault.wait()).toBe(0);
  });

  it('can be changed by whoever knows it, and the old one opens nothing then', async () => {
    const phone = await phoneWithPin();
    const sealed = await phone.vault.seal('quotes/1', 'kept');
    await expect(phone.vault.change('999999', 'kitchen door')).rejects.toMatchObject({ code: 'wrong_secret' });
    await phone.vault.change(PIN, 'kitchen door');
    phone.restart();
    await expect(phone.vault.unlock(PIN)).rejects.toMatchObject({ code: 'wrong_secret' });
    await phone.vault.unlock('kitchen door');
    expect(await phone.vault.open('quotes/1', sealed)).toBe('kept');
  });

  it('cannot be set up over another', async () => {
    const phone = await phoneWithPin();
    await expect(phone.vault.setUp('kitchen door')).rejects.toMatchObject({ code: 'already_locked' });
  });

  it('that is forgotten can be replaced once the server has opened what was sealed to it', async () => {
    const server = await newKeyPair();
    const phone = new Phone();
    await phone.vault.trust({ keyId: 'server', point: server.point, forWhom: 'phone person' });
    await phone.vault.setUp(PIN);
    const sealed = await phone.vault.seal('quotes/1', 'kept');
    phone.restart();
    const rescue = (await phone.vault.rescue())!;
    const secret = await openSealed(await importSecret(server.secret), 'earshot key 1 phone person', rescue.sealed);
    await phone.vault.openAgain(secret, 'kitchen door');
    expect(await phone.vault.open('quotes/1', sealed)).toBe('kept');
    phone.restart();
    await phone.vault.unlock('kitchen door');
  });
});

describe('what came in place of the key that the server should have opened', () => {
  const other = newKeyPair();
  it.each([
    ['nothing', () => Promise.resolve(new Uint8Array())],
    ['bytes that are no key', () => Promise.resolve(new Uint8Array(138).fill(7))],
    ['the key of another phone', async () => (await other).secret],
    ['the key with one bit changed', (right: Bytes) => Promise.resolve(right.map((byte, at) => (at === 50 ? byte ^ 1 : byte)))],
  ])('%s: is told, and changes neither the PIN nor the copy for the server', async (_case, given) => {
    const server = await newKeyPair();
    const phone = new Phone();
    await phone.vault.trust({ keyId: 'server', point: server.point, forWhom: 'phone person' });
    await phone.vault.setUp(PIN);
    const sealed = await phone.vault.seal('quotes/1', 'kept');
    // The server has another key since: the copy would be sealed anew.
    await phone.vault.trust({ keyId: 'next', point: server.point, forWhom: 'phone person' });
    phone.restart();
    const rescue = (await phone.vault.rescue())!;
    const right = await openSealed(await importSecret(server.secret), 'earshot key 1 phone person', rescue.sealed);
    await expect(phone.vault.openAgain(await given(right), 'kitchen door')).rejects.toMatchObject({ code: 'seal_broken' });
    expect([await phone.vault.rescue(), await phone.vault.look()]).toEqual([rescue, 'locked']);
    await phone.vault.unlock(PIN);
    expect(await phone.vault.open('quotes/1', sealed)).toBe('kept');
  });

  it('is refused where no lock was set up', async () => {
    const { vault } = new Phone();
    await expect(vault.openAgain((await other).secret, 'kitchen door')).rejects.toMatchObject({ code: 'locked' });
    expect(await vault.look()).toBe('unset');
  });
});

describe('what was under way while it locked', () => {
  it('leaves nothing that can be read', async () => {
    const { vault } = await phoneWithPin();
    const sealed = await vault.seal('quotes/1', 'words');
    const reading = vault.open('quotes/1', sealed);
    vault.lock();
    await reading.catch(() => undefined);
    await expect(vault.open('quotes/1', sealed)).rejects.toMatchObject({ code: 'locked' });
  });

  it('as a key that a full phone could not keep is made again the next time', async () => {
    const phone = new Phone();
    await expect(phone.vault.seal('quotes/1', 'too early')).rejects.toMatchObject({ code: 'locked' });
    await phone.vault.setUp(PIN);
    expect(await phone.vault.open('quotes/1', await phone.vault.seal('quotes/1', 'kept'))).toBe('kept');
  });
});

describe('a clock that was wrong', () => {
  it('by a year makes nobody wait longer than their tries do (faults 31 and 33)', async () => {
    const phone = await phoneWithPin();
    phone.restart();
    phone.time += 365 * 24 * 3_600_000;
    for (let tries = 0; tries < 4; tries += 1)
      await expect(phone.vault.unlock('999999')).rejects.toMatchObject({ code: 'wrong_secret' });
    phone.time -= 365 * 24 * 3_600_000;
    expect(await phone.vault.wait()).toBe(2_000);
    await expect(phone.vault.unlock(PIN)).rejects.toMatchObject({ code: 'wait_longer' });
  });
});
