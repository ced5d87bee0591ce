const START = 0xd8;
const SCAN = 0xda;
const JFIF = 0xe0;
const COMMENT = 0xfe;

/**
 * A JPEG (ISO/IEC 10918-1, Annex B) with nothing in it but what is needed to draw it: no Exif, place, XMP, profile,
 * thumbnail or comment, whatever wrote it. Null when it is no whole JPEG.
 */
export function onlyPixels(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  if (bytes[0] !== 0xff || bytes[1] !== START) return null;
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1]!;
    // Any number of fill bytes may stand before a marker.
    if (bytes[at] === 0xff && marker === 0xff) {
      at += 1;
      continue;
    }
    if (bytes[at] !== 0xff) return null;
    if (marker === SCAN) return joined([...kept, bytes.subarray(at)]);
    const end = at + 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
    if (end > bytes.length) return null;
    if (!isBeside(marker)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return null;
}

/** Application data other than JFIF's own, and comments. */
function isBeside(marker: number): boolean {
  return (marker > JFIF && marker <= 0xef) || marker === COMMENT;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
