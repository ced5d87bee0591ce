export type RandomBytes = (length: number) => Uint8Array;

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const secureRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A UUIDv7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then random bits. */
export function uuidv7(now: number = Date.now(), random: RandomBytes = secureRandom): string {
  const bytes = random(16);
  let time = now;
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** 26 characters of Crockford base32: 130 random bits, so a receipt cannot be guessed. */
export function receiptCode(random: RandomBytes = secureRandom): string {
  return [...random(26)].map((byte) => CROCKFORD[byte & 31]).join('');
}

/** A receipt code in groups of four, as people read and copy it. */
export function groupsOf(code: string): string[] {
  return code.match(/.{1,4}/g) ?? [];
}
