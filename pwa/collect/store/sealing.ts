/**
 * Sealing by keys: AES-256-GCM (NIST SP 800-38D) for what is kept, and ECDH on P-256 with HKDF-SHA-256 for sealing to
 * somebody's public key, in the manner of ECIES (SEC 1, 5.1) with parts that every browser has.
 */
export type Bytes = Uint8Array<ArrayBuffer>;

const IV_BYTES = 12;
const POINT_BYTES = 65;
const TRIED_OUT = 'earshot tried out 1';
const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;

/** Ciphertext with the nonce it was made with. */
export interface Ciphertext {
  iv: Bytes;
  bytes: ArrayBuffer;
}

/** Encrypts under a fresh nonce. `place` is bound to it: the same bytes moved elsewhere do not open. */
export async function encrypt(key: CryptoKey, place: string, bytes: BufferSource): Promise<Ciphertext> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  return { iv, bytes: await crypto.subtle.encrypt(aesAt(place, iv), key, bytes) };
}

/** Rejects when the key, the place or a single bit is another. */
export function decrypt(key: CryptoKey, place: string, { iv, bytes }: Ciphertext): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt(aesAt(place, iv), key, bytes);
}

export function importKey(raw: BufferSource): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** A key pair: the public point (65 bytes) and the private key as PKCS #8. */
export async function newKeyPair(): Promise<{ point: Bytes; secret: Bytes }> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
  return {
    point: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
    secret: new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)),
  };
}

export function importSecret(secret: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('pkcs8', secret, CURVE, false, ['deriveBits']);
}

/** A key that only the holder of the private half of `point` can make again, and the point to make it with. */
export async function agreeWith(point: Bytes, purpose: string): Promise<{ key: CryptoKey; ephemeral: Bytes }> {
  const mine = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const theirs = await crypto.subtle.importKey('raw', point, CURVE, false, []);
  const ephemeral = new Uint8Array(await crypto.subtle.exportKey('raw', mine.publicKey));
  return { key: await sharedKey(mine.privateKey, theirs, purpose), ephemeral };
}

/** Seals a few bytes to a public key: ephemeral point, nonce, ciphertext. `purpose` keeps uses apart. */
export async function sealTo(point: Bytes, purpose: string, bytes: BufferSource): Promise<Bytes> {
  const { key, ephemeral } = await agreeWith(point, purpose);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes);
  return new Uint8Array(await new Blob([ephemeral, iv, sealed]).arrayBuffer());
}

/** The bytes again. Rejects when they were sealed to another key or for another purpose. */
export async function openSealed(secret: CryptoKey, purpose: string, sealed: Bytes): Promise<Bytes> {
  const ephemeral = await crypto.subtle.importKey('raw', sealed.slice(0, POINT_BYTES), CURVE, false, []);
  const key = await sharedKey(secret, ephemeral, purpose);
  const iv = sealed.slice(POINT_BYTES, POINT_BYTES + IV_BYTES);
  const bytes = sealed.slice(POINT_BYTES + IV_BYTES);
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes));
}

/** Whether these bytes are the private half of `point`. Tried out, for the public half that they name proves nothing. */
export async function opensWhatIsSealedTo(point: Bytes, secret: Bytes): Promise<boolean> {
  const sealed = await sealTo(point, TRIED_OUT, new Uint8Array(1));
  const opening = importSecret(secret).then((key) => openSealed(key, TRIED_OUT, sealed));
  return opening.then(() => true, () => false);
}

async function sharedKey(mine: CryptoKey, theirs: CryptoKey, purpose: string): Promise<CryptoKey> {
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, mine, 256);
  const source = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(purpose) };
  return crypto.subtle.deriveKey(how, source, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

function aesAt(place: string, iv: Bytes): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) };
}
