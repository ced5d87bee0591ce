import type { Database } from '../../collect/store/database';
import { Api } from '../../collect/sync/api';
import { Engine } from '../../collect/sync/engine';
import type { Fetch } from '../../collect/sync/network';
import { Transport } from '../../collect/sync/transport';
import type { Browser } from '../makers';

/** The engine of one tab, whose every wake is a test's own doing. */
export function engineOf(database: Database, fetch: Fetch, browser: Browser, now: () => number): Engine {
  const api = new Api(fetch);
  const transport = new Transport(database, api, fetch);
  const never = () => () => undefined;
  return new Engine({
    database, api, transport, now, locks: browser.tab(), label: 'Chrome on Android', chance: () => 0.5, after: never,
  });
}
