// What others do on this story: asked for every few seconds while somebody looks at the page.

export const SOONEST = 3000;
const LATEST = 60_000;

/** How long to wait after an answer, or after none. */
export function pauseAfter(pause: number, answered: boolean): number {
  return answered ? SOONEST : Math.min(LATEST, pause * 2);
}

/** What came of asking. */
export interface Tells {
  /** Something has changed. */
  changed(html: string): void;
  /** It can be reached again, or it cannot. */
  reachable(is: boolean): void;
  /** Nothing more comes: it is gone, or nobody is signed in. */
  over(why: 'gone' | 'signed-out'): void;
}

export class Following {
  private readonly address: string;
  private readonly tells: Tells;
  private stamp: string;
  private pause = SOONEST;
  private round = 0;

  constructor(address: string, stamp: string, tells: Tells) {
    this.address = address;
    this.stamp = stamp;
    this.tells = tells;
    this.wait();
  }

  /** The page has just been told by another way: an answer that is under way is older. */
  knows(stamp: string): void {
    this.stamp = stamp;
    this.round += 1;
  }

  private wait(): void {
    setTimeout(() => {
      if (!document.hidden) return void this.look();
      document.addEventListener('visibilitychange', () => void this.look(), { once: true });
    }, this.pause);
  }

  async look(): Promise<void> {
    const round = this.round;
    const found = await fetch(this.address, {
      headers: { Accept: 'text/html', 'If-None-Match': `"${this.stamp}"` }, cache: 'no-store',
    }).catch(() => null);
    if (found?.redirected || found?.status === 401) return this.tells.over('signed-out');
    if (found?.status === 404 || found?.status === 410) return this.tells.over('gone');
    const answered = found !== null && (found.ok || found.status === 304);
    this.pause = pauseAfter(this.pause, answered);
    this.tells.reachable(answered);
    if (found?.ok) await this.take(found, round);
    this.wait();
  }

  private async take(found: Response, round: number): Promise<void> {
    const html = await found.text().catch(() => null);
    if (html === null || round !== this.round) return;
    this.stamp = found.headers.get('ETag')?.replace(/^(W\/)?"|"$/g, '') ?? this.stamp;
    this.tells.changed(html);
  }
}
