/** A value that changes over time. It follows Svelte's store contract, so a screen may write `$value`. */
export interface Readable<T> {
  get(): T;
  /** Calls `run` now and after every change; returns the way to stop. */
  subscribe(run: (value: T) => void): () => void;
}

export interface Writable<T> extends Readable<T> {
  set(value: T): void;
  update(change: (value: T) => T): void;
}

export function writable<T>(initial: T): Writable<T> {
  let current = initial;
  const listeners = new Set<(value: T) => void>();
  const set = (value: T): void => {
    current = value;
    for (const listener of [...listeners]) listener(value);
  };
  return {
    get: () => current,
    set,
    update: (change) => set(change(current)),
    subscribe(run) {
      listeners.add(run);
      run(current);
      return () => void listeners.delete(run);
    },
  };
}
