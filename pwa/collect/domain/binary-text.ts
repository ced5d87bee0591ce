/** Base64 (RFC 4648) of bytes, and back. */
export function toBase64(bytes: Uint8Array): string {
  // A piece at a time: an argument list has an end.
  const pieces = Array.from({ length: Math.ceil(bytes.length / 8192) }, (_, place) =>
    String.fromCharCode(...bytes.subarray(place * 8192, (place + 1) * 8192)),
  );
  return btoa(pieces.join(''));
}

/** Throws what `atob` throws where it is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
