import type { EntryStanding } from './outbox';

/** What a phone tells the server of itself, so that nobody forgets what only it has. */
export interface DeviceReport {
  label: string;
  unsent: number;
  unsentBytes: number;
  /** ISO 8601; null when nothing waits. */
  oldestUnsentAt: string | null;
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

export function deviceReport(entries: readonly EntryStanding[], label: string): DeviceReport {
  const unsent = entries.filter(({ state }) => state !== 'stored');
  const times = unsent.map(({ createdAt }) => createdAt).sort((a, b) => Date.parse(a) - Date.parse(b));
  return {
    label,
    unsent: unsent.length,
    unsentBytes: unsent.reduce((sum, entry) => sum + entry.bytes - entry.sentBytes, 0),
    oldestUnsentAt: times[0] ?? null,
  };
}
