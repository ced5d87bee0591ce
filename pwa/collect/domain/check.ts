import type { HearingView } from './hearing';

export interface Battery {
  /** 0 to 1. */
  level: number;
  charging: boolean;
}

/** What a minute of sound takes on the phone, sealed and with its rows, in bytes. */
export const MINUTE_BYTES = 64_000 / 8 * 60 * 1.02;

/** Less room than this is worth saying before somebody begins. */
const FEW_MINUTES = 120;
const LOW_BATTERY = 0.2;

/** Whole minutes of sound that there is room for; null where the browser does not say. */
export function minutesLeft(usedBytes: number | null, quotaBytes: number | null): number | null {
  if (usedBytes === null || quotaBytes === null) return null;
  return Math.max(0, Math.floor((quotaBytes - usedBytes) / MINUTE_BYTES));
}

/** How each thing that was checked stands: `unknown` where the phone does not say. */
export interface Checked {
  microphone: 'heard' | 'waiting' | 'problem';
  room: 'enough' | 'little' | 'none' | 'unknown';
  storage: 'kept' | 'not_promised';
  battery: 'enough' | 'low' | 'unknown';
}

export function checked(found: {
  hearing: HearingView;
  minutes: number | null;
  persisted: boolean;
  battery: Battery | null;
}): Checked {
  const { hearing, minutes, persisted, battery } = found;
  return {
    microphone: hearing.problem ? 'problem' : hearing.heard ? 'heard' : 'waiting',
    room: minutes === null ? 'unknown' : minutes === 0 ? 'none' : minutes < FEW_MINUTES ? 'little' : 'enough',
    storage: persisted ? 'kept' : 'not_promised',
    battery: battery === null ? 'unknown' : !battery.charging && battery.level < LOW_BATTERY ? 'low' : 'enough',
  };
}

/** Nothing here needs anybody: the check need not be seen again today. */
export function isWell({ microphone, room, battery }: Checked): boolean {
  return microphone === 'heard' && room !== 'little' && room !== 'none' && battery !== 'low';
}
