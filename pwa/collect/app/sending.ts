import type { Sending, SendingView } from '../app-core';
import { mediaMayGo, USUAL_SENDING } from '../domain/line';
import { goesOnAnyLine, readyAgain } from '../domain/outbox';
import { writable, type Readable } from '../domain/readable';
import type { Database } from '../store/database';
import { noteLeft } from '../store/embargoes';
import { takeBack } from '../store/erasing';
import { itemFile } from '../store/item-file';
import { entriesToSave } from '../store/items';
import { changeEntries } from '../store/outbox';
import { keepSendingChoice, sendingChoice } from '../store/settings';
import type { Device } from './device';
import type { RecordingDesk } from './recordings';

/** How things leave this phone, and what can be done with those that cannot. */
export class SendingDesk implements Sending {
  private readonly shown = writable<SendingView>({ ...USUAL_SENDING, line: 'unknown', mediaGoes: true });

  constructor(
    private readonly database: Database,
    private readonly device: Pick<Device, 'line' | 'onReturn'>,
    private readonly recordings: Pick<RecordingDesk, 'keep'>,
    readonly revoked: Readable<boolean>,
    /** Shows what has changed, and sends what can be sent. */
    private readonly changed: () => Promise<void>,
  ) {
    // Where the database cannot be read, `trouble` says so.
    const look = (): void => void this.look().catch(() => undefined);
    database.onChange(look);
    device.onReturn(look);
    look();
  }

  get view(): Readable<SendingView> {
    return this.shown;
  }

  async setWifiOnly(wifiOnly: boolean): Promise<void> {
    await keepSendingChoice(this.database, { wifiOnly });
    await this.look();
    await this.changed();
  }

  /** What waits now goes on any line; what comes later waits again. */
  async mediaNow(): Promise<void> {
    await changeEntries(this.database, (entry) =>
      entry.state === 'stored' || goesOnAnyLine(entry) ? entry : { ...hurried(entry), anyLine: true },
    );
    await this.changed();
  }

  async takeBack(storyId: string, reason: string): Promise<void> {
    await takeBack(this.database, storyId, reason);
    await this.changed();
  }

  async *itemFile(
    storyId: string,
    partId: string | null,
    onDamaged: (count: number) => void,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { entries, damaged } = await entriesToSave(this.database, storyId, partId, (id) => this.recordings.keep(id));
    if (damaged > 0) onDamaged(damaged);
    await noteLeft(this.database, entries);
    yield* itemFile(this.database, entries);
  }

  private async look(): Promise<void> {
    const choice = await sendingChoice(this.database);
    const line = this.device.line();
    this.shown.set({ ...choice, line, mediaGoes: mediaMayGo(choice, line) });
  }
}

function hurried<Entry extends Parameters<typeof readyAgain>[0]>(entry: Entry): Entry {
  return entry.state === 'waiting' ? readyAgain(entry) : entry;
}
