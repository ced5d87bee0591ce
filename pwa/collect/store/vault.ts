import { Refusal } from '../domain/codes';
import { uuidv7 } from '../domain/ids';
import { isStrongEnough, waitAfterWrong, type LockState } from '../domain/lock';
import { writable, type Readable } from '../domain/readable';
import type { Cost } from './argon';
import { stretching } from './later-parts';
import {
  decrypt, encrypt, importKey, importSecret, newKeyPair, openSealed, opensWhatIsSealedTo, sealTo, type Bytes,
} from './sealing';
import type { KeyRow, KeyRows, LockRow, RescueRow, Sealed, VaultRow } from './shapes';

/** About a quarter of a second on a cheap phone, and 64 MiB for every guess of somebody who took it. */
export const PHONE_COST: Cost = { memoryKiB: 64 * 1024, passes: 3 };
const DATA_KEY = 'earshot data key 1';
const RESCUE = 'earshot key 1';
const LOCK_PLACE = 'lock';

/**
 * Seals what participants gave and opens it again. Sealing needs no PIN, so that capturing goes on while locked;
 * opening does. What was sealed since the app was opened or last locked can be opened until it is locked again.
 */
export class Vault {
  private readonly now = writable<LockState | null>(null);
  private secret: CryptoKey | null = null;
  private own: Promise<{ id: string; key: CryptoKey }> | null = null;
  private readonly keys = new Map<string, Promise<CryptoKey>>();
  private readonly read = new Map<string, unknown>();
  /** Counts lockings, so that what was under way when it locked leaves nothing behind. */
  private era = 0;

  constructor(
    private readonly rows: KeyRows,
    private readonly cost: Cost = PHONE_COST,
    private readonly time: () => number = () => Date.now(),
  ) {}

  /** Null until `look`. */
  get state(): Readable<LockState | null> {
    return this.now;
  }

  get isOpen(): boolean {
    return this.secret !== null;
  }

  /** Whether anything that is kept can be read now, by the PIN or because it was sealed a moment ago. */
  get holdsKeys(): boolean {
    return this.secret !== null || this.own !== null;
  }

  /** Finds out how the lock stands on this phone. */
  async look(): Promise<LockState> {
    const row = this.secret ? null : await this.row();
    const state = this.secret ? 'open' : row ? 'locked' : 'unset';
    if (this.now.get() !== state) this.now.set(state);
    return state;
  }

  /** Sets the lock up and opens it. Throws `weak_secret`, or `already_locked` where there is a lock. */
  async setUp(pin: string): Promise<void> {
    if (!isStrongEnough(pin)) throw new Refusal('weak_secret');
    const { point, secret } = await newKeyPair();
    const row = { ...(await this.under(pin, secret)), point, rescue: null };
    if (!(await this.rows.change('lock', (found) => (found ? null : row)))) throw new Refusal('already_locked');
    await this.opened(secret);
  }

  /** Throws `wrong_secret`, which makes the next try wait longer, `wait_longer` before that time is over, or `open_again`. */
  async unlock(pin: string): Promise<void> {
    await this.opened(await this.secretBehind(pin));
  }

  /** Puts another PIN in place of `pin`. Throws what `unlock` throws, and `weak_secret`. */
  async change(pin: string, next: string): Promise<void> {
    if (!isStrongEnough(next)) throw new Refusal('weak_secret');
    await this.putUnder(next, await this.secretBehind(pin));
  }

  /**
   * Opens the lock with the private key that the server gave back, and puts a new PIN before it.
   * Throws `weak_secret`, and `seal_broken` for any other bytes, which change nothing.
   */
  async openAgain(secret: Bytes, next: string): Promise<void> {
    if (!isStrongEnough(next)) throw new Refusal('weak_secret');
    const row = await this.row();
    if (!row) throw new Refusal('locked', 'no lock was set up');
    if (!(await opensWhatIsSealedTo(row.point, secret))) throw new Refusal('seal_broken');
    await this.putUnder(next, secret);
    await this.opened(secret);
  }

  /** Forgets every key. Nothing kept can be read until the next `unlock`. */
  lock(): void {
    const heldKeys = this.holdsKeys;
    this.era += 1;
    this.secret = null;
    this.own = null;
    this.keys.clear();
    this.read.clear();
    // Said again where it was locked before, for what was captured since is closed now.
    if (this.now.get() === 'open' || heldKeys) this.now.set('locked');
    if (heldKeys) this.rows.changed();
  }

  /** Milliseconds until the PIN may be tried. */
  async wait(): Promise<number> {
    const row = await this.row();
    return row ? this.left(row) : 0;
  }

  /** The private key as only the server can open it; null before the two have met. */
  async rescue(): Promise<LockRow['rescue']> {
    return (await this.row())?.rescue ?? null;
  }

  /** Remembers the server's key. The private key is sealed to it when the lock is next opened. */
  async trust(rescueKey: Omit<RescueRow, 'id'>): Promise<void> {
    const known = await this.rescueKey();
    if (known?.keyId === rescueKey.keyId && known.forWhom === rescueKey.forWhom) return;
    await this.rows.change('rescue', () => ({ id: 'rescue', ...rescueKey }));
  }

  /** The server's key as it was last told; null before the two have met. */
  rescueKey(): Promise<RescueRow | null> {
    return this.kept((row): row is RescueRow => row.id === 'rescue', 'rescue');
  }

  /** Seals a value that JSON can hold. `place` says where it is kept, and is bound to it. */
  seal(place: string, value: unknown): Promise<Sealed> {
    return this.sealBytes(place, new TextEncoder().encode(JSON.stringify(value)));
  }

  /** Throws `locked`, or `damaged_on_phone` when what is kept is not what was sealed there. */
  async open<T>(place: string, sealed: Sealed): Promise<T> {
    const name = `${place} ${sealed.iv.join()}`;
    if (this.read.has(name)) return this.read.get(name) as T;
    const { era } = this;
    const value = JSON.parse(new TextDecoder().decode(await this.openBytes(place, sealed))) as T;
    if (era === this.era) this.read.set(name, value);
    return value;
  }

  async sealBytes(place: string, bytes: BufferSource): Promise<Sealed> {
    const { id, key } = await this.ownKey();
    return { keyId: id, ...(await encrypt(key, place, bytes)) };
  }

  /** Throws as `open` does. */
  async openBytes(place: string, sealed: Sealed): Promise<ArrayBuffer> {
    const key = await this.dataKey(sealed.keyId);
    return decrypt(key, place, sealed).catch(() => {
      throw new Refusal('damaged_on_phone', place);
    });
  }

  /** The key for what is sealed from now on. One that could not be kept, as on a full phone, is made anew next time. */
  private ownKey(): Promise<{ id: string; key: CryptoKey }> {
    const made = (this.own ??= this.newDataKey());
    made.catch(() => {
      if (this.own === made) this.own = null;
    });
    return made;
  }

  private async newDataKey(): Promise<{ id: string; key: CryptoKey }> {
    const { era } = this;
    const row = await this.row();
    if (!row) throw new Refusal('locked', 'no lock was set up');
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const id = uuidv7();
    const sealed = await sealTo(row.point, DATA_KEY, raw);
    await this.rows.change(id, () => ({ id, sealed }));
    const key = await importKey(raw);
    if (era === this.era) this.keys.set(id, Promise.resolve(key));
    return { id, key };
  }

  private dataKey(id: string): Promise<CryptoKey> {
    const found = this.keys.get(id) ?? this.findDataKey(id);
    this.keys.set(id, found);
    found.catch(() => this.keys.get(id) === found && this.keys.delete(id));
    return found;
  }

  private async findDataKey(id: string): Promise<CryptoKey> {
    const { secret } = this;
    if (!secret) throw new Refusal('locked');
    const row = await this.kept((found): found is KeyRow => found.id === id, id);
    if (!row) throw new Refusal('damaged_on_phone', 'a key is missing');
    const raw = await openSealed(secret, DATA_KEY, row.sealed).catch(() => {
      throw new Refusal('damaged_on_phone', 'a key does not open');
    });
    return importKey(raw);
  }

  /** The private key behind the PIN. A wrong one is counted before anything else can happen. */
  private async secretBehind(pin: string): Promise<Bytes> {
    const row = await this.row();
    if (!row) throw new Refusal('locked', 'no lock was set up');
    if (this.left(row) > 0) throw new Refusal('wait_longer');
    // A PIN that cannot be tried is no wrong PIN.
    await stretching();
    const tries = row.wrongTries + 1;
    const count = (): Promise<void> => {
      const notBefore = this.time() + waitAfterWrong(tries);
      return this.changeRow((now) => ({ ...now, wrongTries: tries, notBefore }));
    };
    // Counted before the try, so that closing the app in its middle saves nobody a wait.
    await count();
    const key = await this.keyFor(pin, row.salt, row.cost);
    const secret = await decrypt(key, LOCK_PLACE, row.secret).catch(async () => {
      await count();
      throw new Refusal('wrong_secret');
    });
    await this.changeRow((now) => ({ ...now, wrongTries: 0, notBefore: 0 }));
    return new Uint8Array(secret);
  }

  /** Milliseconds left to wait. A clock that was put right in between makes nobody wait longer than the tries do. */
  private left({ notBefore, wrongTries }: LockRow): number {
    return Math.min(Math.max(0, notBefore - this.time()), waitAfterWrong(wrongTries));
  }

  private async putUnder(pin: string, secret: Bytes): Promise<void> {
    const fresh = await this.under(pin, secret);
    await this.changeRow((row) => ({ ...row, ...fresh }));
  }

  private async under(pin: string, secret: Bytes): Promise<Omit<LockRow, 'point' | 'rescue'>> {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const sealed = await encrypt(await this.keyFor(pin, salt, this.cost), LOCK_PLACE, secret);
    return { id: 'lock', salt, cost: this.cost, secret: sealed, wrongTries: 0, notBefore: 0 };
  }

  private async keyFor(pin: string, salt: Bytes, cost: Cost): Promise<CryptoKey> {
    const { stretch } = await stretching();
    return importKey(new Uint8Array(await stretch(pin, salt, cost)));
  }

  private async opened(secret: Bytes): Promise<void> {
    const key = await importSecret(secret);
    const [row, rescueKey] = [await this.row(), await this.rescueKey()];
    const isSealed = row?.rescue?.keyId === rescueKey?.keyId && row?.rescue?.forWhom === rescueKey?.forWhom;
    if (row && rescueKey && !isSealed) {
      const { keyId, point, forWhom } = rescueKey;
      const rescue = { keyId, forWhom, sealed: await sealTo(point, `${RESCUE} ${forWhom}`, secret) };
      await this.changeRow((now) => ({ ...now, rescue }));
    }
    this.secret = key;
    this.now.set('open');
    this.rows.changed();
  }

  private row(): Promise<LockRow | null> {
    return this.kept((row): row is LockRow => row.id === 'lock', 'lock');
  }

  private async kept<Row extends VaultRow>(is: (row: VaultRow) => row is Row, id: string): Promise<Row | null> {
    const row = await this.rows.get(id);
    return row && is(row) ? row : null;
  }

  private async changeRow(change: (row: LockRow) => LockRow): Promise<void> {
    await this.rows.change('lock', (row) => (row ? change(row as LockRow) : null));
  }
}
