import { toBase64 } from '../domain/binary-text';
import { Refusal } from '../domain/codes';
import { isMedia } from '../domain/entry-kinds';
import type { OutboxEntry } from '../domain/outbox';
import { isoWithOffset } from '../domain/time';
import type { Database } from './database';
import { fileFacts } from './file-facts';
import { FileRows } from './file-rows';
import { agreeWith, type Bytes } from './sealing';

const FIRST_LINE = 'EARSHOT-ITEM 1\n';
const PURPOSE = 'earshot item 1';
const LARGEST_FRAME = 1024 * 1024;
const IV_BYTES = 12;

/**
 * What waits here as one file that only the server can open, a frame at a time, so that hours of sound need little
 * memory. Frames are numbered and the last is marked, so that none can be dropped or moved.
 * Throws `no_rescue_key` before the phone has met the server, `locked`, or `damaged_on_phone`.
 */
export async function* itemFile(database: Database, entries: readonly OutboxEntry[]): AsyncGenerator<Bytes> {
  const rescue = await database.vault.rescueKey();
  if (!rescue) throw new Refusal('no_rescue_key');
  const { key, ephemeral } = await agreeWith(rescue.point, PURPOSE);
  const to = JSON.stringify({ key_id: rescue.keyId, ephemeral: toBase64(ephemeral) });
  yield text(`${FIRST_LINE}${to}\n`);
  const pieces = plain(database, entries);
  let piece = await pieces.next();
  for (let number = 0; !piece.done; number += 1) {
    const following = await pieces.next();
    yield await frame(key, number, following.done === true, piece.value);
    piece = following;
  }
}

/** What is inside: a line that says what follows, and then the bytes of each file in that order. */
async function* plain(database: Database, entries: readonly OutboxEntry[]): AsyncGenerator<Bytes> {
  const line = text(`${JSON.stringify(await contents(database, entries))}\n`);
  for (let start = 0; start < line.length; start += LARGEST_FRAME) yield line.slice(start, start + LARGEST_FRAME);
  for (const entry of entries.filter(({ kind }) => isMedia(kind))) {
    const file = await FileRows.of(database, entry.id);
    if (file.size !== entry.bytes) throw new Refusal('damaged_on_phone', 'a row is missing');
    for (let start = 0; start < file.size; start += LARGEST_FRAME)
      yield new Uint8Array(await (await file.slice(start, start + LARGEST_FRAME)).arrayBuffer());
  }
}

async function contents(database: Database, entries: readonly OutboxEntry[]): Promise<object> {
  const told = entries.map(async (entry) => ({
    kind: entry.kind,
    id: entry.id,
    story_id: entry.storyId,
    body: entry.body,
    metadata: isMedia(entry.kind) ? await fileFacts(database, entry) : null,
    bytes: entry.bytes,
    sha256: entry.sha256,
  }));
  return { version: 1, person_id: entries[0]?.personId ?? '', saved_at: isoWithOffset(), entries: await Promise.all(told) };
}

/** Length, then AES-256-GCM. The nonce is the frame's number, which one key never sees twice. */
async function frame(key: CryptoKey, number: number, isLast: boolean, bytes: Bytes): Promise<Bytes> {
  const iv = new Uint8Array(IV_BYTES);
  new DataView(iv.buffer).setUint32(IV_BYTES - 4, number);
  const additionalData = new Uint8Array([...u32(number), isLast ? 1 : 0]);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes);
  return new Uint8Array(await new Blob([u32(sealed.byteLength), sealed]).arrayBuffer());
}

/** Big-endian. */
function u32(number: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

function text(words: string): Bytes {
  return new TextEncoder().encode(words);
}
