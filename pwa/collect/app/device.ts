import { lineOf, type Line } from '../domain/line';
import type { Battery } from '../domain/check';
import { soundAlarm } from '../capture/alarm';
import { screenAwake } from '../capture/awake';
import { browserMicrophone, type Microphone } from '../capture/microphone';
import type { ImageOpener } from '../capture/photos';
import type { Awake } from '../capture/awake';
import { tabLocks, type TabLocks } from '../store/locks';
import type { Fetch } from '../sync/network';
import { browserUpdates, type Updates } from './update';

/** Everything the app needs of the phone and the browser, so that tests can stand in for it. */
export interface Device {
  /** False where the browser lacks what keeping and sending safely needs, as on an address without HTTPS. */
  capable: boolean;
  userAgent: string;
  fetch: Fetch;
  microphone: Microphone;
  /** Left out to use the browser's own. */
  openImage?: ImageOpener;
  locks: TabLocks;
  awake: Awake;
  updates: Updates;
  alarm: () => void;
  clock: () => number;
  now: () => number;
  chance: () => number;
  every: (ms: number, call: () => void) => () => void;
  after: (ms: number, call: () => void) => () => void;
  /** What the phone is connected by, as far as it says. */
  line: () => Line;
  /** Calls when there may be a signal again, or when somebody looks at the app again. */
  onReturn: (call: () => void) => void;
  /** Calls whenever somebody touches the app, types, or looks at it again. */
  onTouch: (call: () => void) => void;
  /** Deletes what the browser keeps of this app beside the database, and opens it anew. */
  forgetAll: () => void;
  persist: () => Promise<boolean>;
  /** Null where the phone does not say. */
  battery: () => Promise<Battery | null>;
  storage: () => Promise<{ persisted: boolean; usedBytes: number | null; quotaBytes: number | null }>;
}

export function browserDevice(): Device {
  return {
    capable: isSecureContext && 'locks' in navigator && 'indexedDB' in globalThis,
    userAgent: navigator.userAgent,
    fetch: (url, init) => fetch(url, init),
    microphone: browserMicrophone,
    locks: tabLocks(navigator.locks),
    awake: screenAwake(),
    updates: browserUpdates(),
    alarm: soundAlarm,
    clock: () => performance.now(),
    now: () => Date.now(),
    chance: () => Math.random(),
    every(ms, call) {
      const timer = setInterval(call, ms);
      return () => clearInterval(timer);
    },
    after(ms, call) {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
    line: () => lineOf(connection()?.type),
    onReturn(call) {
      connection()?.addEventListener('change', call);
      addEventListener('online', call);
      addEventListener('offline', call);
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && call());
    },
    onTouch(call) {
      for (const name of ['pointerdown', 'keydown'] as const) addEventListener(name, call, { passive: true });
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && call());
    },
    forgetAll() {
      localStorage.clear();
      sessionStorage.clear();
      location.replace('/collect/');
    },
    battery: async () => {
      const found = await (navigator as { getBattery?: () => Promise<Battery> }).getBattery?.().catch(() => null);
      return found ? { level: found.level, charging: found.charging } : null;
    },
    persist: async () => (await navigator.storage?.persist?.()) ?? false,
    async storage() {
      const persisted = (await navigator.storage?.persisted?.()) ?? false;
      const { usage = null, quota = null } = (await navigator.storage?.estimate?.()) ?? {};
      return { persisted, usedBytes: usage, quotaBytes: quota };
    },
  };
}

/** The Network Information API, which only some browsers have. */
function connection(): (EventTarget & { type?: string }) | undefined {
  return (navigator as { connection?: EventTarget & { type?: string } }).connection;
}
