import { vi } from 'vitest';

/** Waits until `check` passes: long enough for a busy machine, and no longer than needed. */
export function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 20_000, interval: 20 });
}
