import { deviceReport } from '../domain/device';
import type { EntryStanding } from '../domain/outbox';
import type { Database } from '../store/database';
import { deviceId } from '../store/feed';
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

  async tell(entries: readonly EntryStanding[]): Promise<void> {
    const report = deviceReport(entries, this.label);
    const words = JSON.stringify(report);
    if (words === this.said && this.now() - this.saidAt < SAY_AGAIN_MS) return;
    if (!(await this.api.report(await deviceId(this.database), report))) return;
    this.said = words;
    this.saidAt = this.now();
  }
}
