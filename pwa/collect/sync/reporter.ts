import { deviceReport } from '../domain/device';
import type { Database } from '../store/database';
import { deviceId } from '../store/feed';
import { allStandings } from '../store/outbox';
import { unqueuedParts } from '../store/unqueued';
import type { Api } from './api';

const SAY_AGAIN_MS = 10 * 60_000;

/** Tells the server what only this phone has: at once when that changes, and now and then when it does not. */
export class Reporter {
  private said = '';
  private saidAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly api: Api,
    private readonly now: () => number,
    private readonly label: string,
  ) {}

  async tell(): Promise<void> {
    const report = deviceReport(await allStandings(this.database), await unqueuedParts(this.database), this.label);
    const words = JSON.stringify(report);
    const age = this.now() - this.saidAt;
    if (words === this.said && age >= 0 && age < SAY_AGAIN_MS) return;
    if (!(await this.api.report(await deviceId(this.database), report))) return;
    this.said = words;
    this.saidAt = this.now();
  }
}
