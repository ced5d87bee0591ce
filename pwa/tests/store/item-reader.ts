import { createDecipheriv, createECDH, createPrivateKey, diffieHellman, hkdfSync, createPublicKey, type KeyObject } from 'node:crypto';

/** What a file saved from a phone holds, as the server finds it. */
export interface Item {
  keyId: string;
  frames: number;
  contents: { version: number; person_id: string; saved_at: string; entries: ItemEntry[] };
  files: Buffer[];
}

export interface ItemEntry {
  kind: string;
  id: string;
  story_id: string;
  body: string | null;
  metadata: Record<string, string> | null;
  bytes: number;
  sha256: string;
}

/** Reads an item file with Node's own cryptography, which shares nothing with what wrote it. */
export function readItem(file: Buffer, secret: KeyObject): Item {
  const [first, second] = [file.indexOf('\n'), file.indexOf('\n', file.indexOf('\n') + 1)];
  if (file.subarray(0, first).toString() !== 'EARSHOT-ITEM 1') throw new Error('not an item file');
  const { key_id, ephemeral } = JSON.parse(file.subarray(first + 1, second).toString()) as Record<string, string>;
  const shared = diffieHellman({ privateKey: secret, publicKey: pointKey(Buffer.from(ephemeral!, 'base64')) });
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), 'earshot item 1', 32));
  const pieces: Buffer[] = [];
  for (let at = second + 1; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const sealed = file.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    pieces.push(openFrame(key, pieces.length, at === file.length, sealed));
  }
  const plain = Buffer.concat(pieces);
  const end = plain.indexOf('\n');
  const contents = JSON.parse(plain.subarray(0, end).toString()) as Item['contents'];
  return { keyId: key_id!, frames: pieces.length, contents, files: filesOf(contents.entries, plain.subarray(end + 1)) };
}

export function newRescueKey(): { secret: KeyObject; point: Buffer } {
  const curve = createECDH('prime256v1');
  const point = curve.generateKeys();
  const jwk = { ...jwkOf(point), d: curve.getPrivateKey().toString('base64url') };
  return { secret: createPrivateKey({ key: jwk, format: 'jwk' }), point };
}

function openFrame(key: Buffer, number: number, isLast: boolean, sealed: Buffer): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(number, 8);
  const aad = Buffer.alloc(5, isLast ? 1 : 0);
  aad.writeUInt32BE(number);
  const cipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(aad).setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

function filesOf(entries: readonly ItemEntry[], bytes: Buffer): Buffer[] {
  let start = 0;
  return entries.filter(({ body }) => body === null).map(({ bytes: length }) => bytes.subarray(start, (start += length)));
}

function jwkOf(point: Buffer) {
  const part = (from: number): string => point.subarray(from, from + 32).toString('base64url');
  return { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) };
}

function pointKey(point: Buffer): KeyObject {
  return createPublicKey({ key: jwkOf(point), format: 'jwk' });
}
