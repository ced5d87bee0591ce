import type { Online, SignIn, StorageView } from '../app-core';
import type { Code } from '../domain/codes';
import { readyAgain } from '../domain/outbox';
import type { KnownPerson, Project } from '../domain/project';
import { writable } from '../domain/readable';
import { summary, type OutboxSummary } from '../domain/status';
import type { StoryView } from '../domain/story';
import { storyViews } from '../domain/story-views';
import type { Database } from '../store/database';
import { partMissing } from '../store/later-parts';
import { changeEntries, changeEntry } from '../store/outbox';
import { keptPeople, keptPerson, keptProjects } from '../store/projects';
import { everythingKept } from '../store/stories';
import { unqueuedParts } from '../store/unqueued';
import type { Engine } from '../sync/engine';
import type { Device } from './device';
import type { RecordingDesk } from './recordings';

const SIGN_IN_URL = '/sign-in?next=/collect/';

/** What is kept on this phone, as screens see it: read again whenever any tab changes it. */
export class Shelf {
  readonly trouble = writable<Code | null>(null);
  readonly ready = writable(false);
  readonly online = writable<Online>('unknown');
  readonly lastAnswerAt = writable<string | null>(null);
  readonly signIn = writable<SignIn>({ person: null, needed: false, signInUrl: SIGN_IN_URL });
  /** Everybody this phone knows by name. */
  readonly people = writable<KnownPerson[]>([]);
  readonly projects = writable<Project[]>([]);
  readonly stories = writable<StoryView[]>([]);
  readonly outbox = writable<OutboxSummary>(summary([]));
  readonly storage = writable<StorageView>({ persisted: false, usedBytes: null, quotaBytes: null });
  private reading: Promise<void> | null = null;
  private stale = false;

  constructor(
    private readonly database: Database,
    private readonly device: Device,
    engine: Engine,
    private readonly recordings: Pick<RecordingDesk, 'recover' | 'name' | 'recovered'>,
  ) {
    const look = (): void => this.trouble.set(this.wrong());
    database.trouble.subscribe(look);
    partMissing.subscribe(look);
    // Where it cannot be read, `trouble` says so.
    database.onChange(() => void this.read().catch(() => undefined));
    engine.online.subscribe((there) => {
      if (there !== null) this.online.set(there ? 'online' : 'offline');
    });
    engine.signInNeeded.subscribe((needed) => this.signIn.update((now) => ({ ...now, needed })));
  }

  /** The views a screen may watch. */
  get views() {
    const { trouble, ready, online, lastAnswerAt, signIn, projects, stories, outbox, storage } = this;
    const { recovered } = this.recordings;
    return { trouble, ready, online, lastAnswerAt, signIn, projects, stories, outbox, storage, recovered };
  }

  async open(): Promise<void> {
    await this.read();
    await this.recordings.recover();
    await this.read();
    this.ready.set(true);
    await this.measure();
  }

  /** How much room there is now. */
  async measure(): Promise<void> {
    this.storage.set(await this.device.storage());
  }

  /** Reads everything again; several calls at once become one or two readings. */
  read(): Promise<void> {
    this.stale = true;
    this.reading ??= this.readWhileStale();
    return this.reading;
  }

  async persist(): Promise<boolean> {
    const agreed = await this.device.persist();
    await this.measure();
    return agreed;
  }

  async retry(entryId: string): Promise<void> {
    await changeEntry(this.database, entryId, (entry) => (entry.state === 'sending' ? entry : readyAgain(entry)));
  }

  /** Nothing that waits need wait longer; what was refused stays refused. */
  retryWaiting(): Promise<void> {
    return changeEntries(this.database, (entry) => (entry.state === 'waiting' ? readyAgain(entry) : entry));
  }

  /** Nothing is awaited between the last look at `stale` and letting go of `reading`, so that no reading is left out. */
  private async readWhileStale(): Promise<void> {
    try {
      while (this.stale) {
        this.stale = false;
        await this.readOnce();
      }
    } finally {
      this.reading = null;
    }
  }

  private wrong(): Code | null {
    if (!this.device.capable) return 'app_unavailable';
    return this.database.trouble.get() ?? (partMissing.get() ? 'open_again' : null);
  }

  private async readOnce(): Promise<void> {
    const [kept, unqueued, projects, person, people] = await Promise.all([
      everythingKept(this.database),
      unqueuedParts(this.database),
      keptProjects(this.database),
      keptPerson(this.database),
      keptPeople(this.database),
    ]);
    this.people.set(people);
    this.projects.set(projects);
    this.signIn.update((now) => ({ ...now, person }));
    this.lastAnswerAt.set(person?.seenAt ?? null);
    this.stories.set(storyViews(kept, projects));
    this.recordings.name(this.stories.get());
    this.outbox.set(summary(kept.entries, unqueued.map(({ storyId }) => storyId)));
  }
}
