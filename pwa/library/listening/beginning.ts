// Whoever found some words comes to the place where they are said, and hears them from there.

/** A recording that can be played from a moment, in milliseconds. */
export interface Playable {
  readonly recording: string;
  playFrom(moment: number): void;
}

/** Play what the address asks for: `at=RECORDING:MILLISECONDS`. What makes no sense plays nothing. */
export function beginAt(address: URL, recordings: readonly Playable[]): void {
  const [, recording, moment] = /^([^:]+):(\d{1,9})$/.exec(address.searchParams.get('at') ?? '') ?? [];
  recordings.find((one) => one.recording === recording)?.playFrom(Number(moment));
}
