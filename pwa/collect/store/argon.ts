import { argon2id } from 'hash-wasm';

/** What one guess costs: memory in KiB, and passes over it. */
export interface Cost {
  memoryKiB: number;
  passes: number;
}

/** Argon2id (RFC 9106) of a PIN or passphrase: 32 bytes. */
export function stretch(secret: string, salt: Uint8Array, { memoryKiB, passes }: Cost): Promise<Uint8Array> {
  const size = { hashLength: 32, parallelism: 1, memorySize: memoryKiB, iterations: passes };
  return argon2id({ password: secret.normalize('NFKC'), salt, ...size, outputType: 'binary' });
}
