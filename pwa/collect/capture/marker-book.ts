import { uuidv7 } from '../domain/ids';
import type { Marker } from '../domain/marker';
import type { RecorderView } from '../domain/recorder';
import type { Database } from '../store/database';
import { keepMarker, markerCount, removeMarker } from '../store/markers';

/** The markers of one recording while it is made. Keeping them needs no key. */
export class MarkerBook {
  private readonly own: Marker[] = [];
  private earlier = 0;

  constructor(
    private readonly database: Database,
    private readonly of: Pick<Marker, 'recordingId' | 'storyId'>,
    private readonly tell: (marks: Pick<RecorderView, 'marks' | 'lastMark'>) => void,
  ) {}

  /** Counts those that were kept before a crash. */
  async read(): Promise<void> {
    this.earlier = await markerCount(this.database, this.of.recordingId);
    this.say();
  }

  async add(atMs: number, promptId: string | null): Promise<boolean> {
    const marker: Marker = { id: uuidv7(), ...this.of, atMs, promptId, themeId: null };
    if (!(await this.saved(keepMarker(this.database, marker)))) return false;
    this.own.push(marker);
    this.say();
    return true;
  }

  /** Says what the newest marker is about. */
  async setTheme(themeId: string | null): Promise<boolean> {
    const last = this.own.at(-1);
    if (!last || !(await this.saved(keepMarker(this.database, { ...last, themeId })))) return false;
    last.themeId = themeId;
    this.say();
    return true;
  }

  async undo(): Promise<boolean> {
    const last = this.own.at(-1);
    if (!last || !(await this.saved(removeMarker(this.database, last.id)))) return false;
    this.own.pop();
    this.say();
    return true;
  }

  private say(): void {
    const last = this.own.at(-1);
    this.tell({ marks: this.earlier + this.own.length, lastMark: last ? { ...last } : null });
  }

  /** A mark that the phone would not keep is no reason to stop recording. */
  private saved(writing: Promise<void>): Promise<boolean> {
    return writing.then(() => true, () => false);
  }
}
