// Sends what somebody did with a passage, as the forms of the page would, and says in words why it could not be.
import { tokenNow, tokenOf } from '../editing/server';

const PATIENCE_MS = 20_000;

export interface Done {
  readonly stamp: string;
  readonly html: string;
  /** The excerpt that was made. */
  readonly made?: string;
}

export type Outcome = { readonly done: Done } | { readonly trouble: string };

const NO_ANSWER = 'It is not saved: there is no connection. Your choice is kept. Try again when you are online.';
const SIGNED_OUT = 'It is not saved: you are signed out. Sign in in another tab, then try again here.';
const GONE = 'It is not saved: this is not here any more. Somebody has deleted it, or the story was taken back.';
const BROKEN = 'It is not saved: something went wrong on our side. Your choice is kept. Try again in a minute.';

let token = '';

/** Never raises. */
export async function send(address: string, fields: readonly (readonly [string, string])[]): Promise<Outcome> {
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
  token ||= tokenOf(document);
  const headers = { Accept: 'application/json', 'X-CSRF-Token': token };
  const found = await fetch(address, { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  if (found === null) return { trouble: NO_ANSWER };
  const answer = (await found.json().catch(() => null)) as (Done & { message?: string }) | null;
  if (found.ok && answer) return { done: answer };
  if (found.status === 401 || found.status === 403) token = await tokenNow().catch(() => '');
  return { trouble: whyNot(found.status, answer?.message) };
}

/** Why something was not taken, by the status of the answer and the server's own words. */
export function whyNot(status: number, message: string | undefined): string {
  if (status === 401 || status === 403) return SIGNED_OUT;
  if (status === 404 || status === 410) return GONE;
  return status < 500 && message ? message : BROKEN;
}
