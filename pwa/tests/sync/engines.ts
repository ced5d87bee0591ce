import type { Line } from '../../collect/domain/line';
import type { Database } from '../../collect/store/database';
import { Api } from '../../collect/sync/api';
import { Engine, type EngineParts } from '../../collect/sync/engine';
import { deviceId } from '../../collect/store/feed';
import { identified } from '../../collect/sync/identified';
import type { Fetch } from '../../collect/sync/network';
import { Transport } from '../../collect/sync/transport';
import type { Browser } from '../makers';

/** The engine of one tab, whose every wake is a test's own doing. */
export function engineOf(
  database: Database,
  fetch: Fetch,
  browser: Browser,
  now: () => number,
  line: () => Line = () => 'unknown',
  after: EngineParts['after'] = () => () => undefined,
): Engine {
  const identity = identified(fetch, () => deviceId(database));
  const api = new Api(identity);
  const transport = new Transport(database, api, identity);
  return new Engine({
    database, api, transport, now, line, locks: browser.tab(), label: 'Chrome on Android', chance: () => 0.5, after,
  });
}
