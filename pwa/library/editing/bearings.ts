// Where somebody is: the moment in the sound and the passage. Only numbers are kept, until the tab closes.

export interface Bearings {
  readonly moment: number;
  readonly segment: number | null;
}

export function bearingsOf(recording: string): Bearings {
  const [moment, segment] = (sessionStorage.getItem(keyOf(recording)) ?? '').split('/').map(Number);
  return { moment: moment || 0, segment: segment || null };
}

export function keepBearings(recording: string, { moment, segment }: Bearings): void {
  sessionStorage.setItem(keyOf(recording), `${Math.round(moment)}/${segment ?? ''}`);
}

function keyOf(recording: string): string {
  return `earshot-editor-${recording}`;
}
