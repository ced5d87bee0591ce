import type { EntryStanding } from './outbox';

/** What a phone tells the server of itself, so that nobody forgets what only it has. */
export interface DeviceReport {
  label: string;
  unsent: number;
  unsentBytes: number;
  /** ISO 8601; null when nothing waits. */
  oldestUnsentAt: string | null;
}

/** A part on the phone that no outbox entry stands for yet. */
export interface Unqueued {
  storyId: string;
  bytes: number;
  /** When it was captured, ISO 8601; empty where that is not known. */
  at: string;
}

const BROWSERS: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/CrOS/, 'Chromebook'],
  [/Linux/, 'Linux'],
];

/** Such as "Chrome on Android": enough to find the phone in a drawer, and no more. */
export function deviceLabel(userAgent: string): string {
  const named = (names: [RegExp, string][]): string | undefined => names.find(([sign]) => sign.test(userAgent))?.[1];
  return `${named(BROWSERS) ?? 'A browser'} on ${named(SYSTEMS) ?? 'a device'}`;
}

/** Everything that the server has not confirmed counts: what waits, what needs somebody, and what is being made. */
export function deviceReport(
  entries: readonly EntryStanding[],
  unqueued: readonly Unqueued[],
  label: string,
): DeviceReport {
  const unsent = entries.filter(({ state }) => state !== 'stored');
  const left = [...unsent.map((entry) => entry.bytes - entry.sentBytes), ...unqueued.map(({ bytes }) => bytes)];
  const times = [...unsent.map(({ createdAt }) => createdAt), ...unqueued.map(({ at }) => at)]
    .filter((time) => !Number.isNaN(Date.parse(time)))
    .sort((a, b) => Date.parse(a) - Date.parse(b));
  return {
    label,
    unsent: unsent.length + unqueued.length,
    unsentBytes: left.reduce((sum, bytes) => sum + bytes, 0),
    oldestUnsentAt: times[0] ?? null,
  };
}
