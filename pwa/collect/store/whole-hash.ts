import { createSHA256 } from 'hash-wasm';

/** The SHA-256 of a file that is never in memory as a whole. */
export interface WholeHash {
  add(bytes: ArrayBuffer): void;
  /** Hex. Nothing can be added after it. */
  digest(): string;
}

export async function wholeHash(): Promise<WholeHash> {
  const hash = await createSHA256();
  return {
    add: (bytes) => void hash.update(new Uint8Array(bytes)),
    digest: () => hash.digest('hex'),
  };
}
