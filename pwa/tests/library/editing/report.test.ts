import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Report } from '../../../library/heard/report';

/** A player whose position follows the clock. */
class Sound extends EventTarget {
  currentTime = 0;
  paused = false;
  ended = false;
  seeking = false;
  muted = false;
  volume = 1;
  playbackRate = 1;
  play(seconds: number): void {
    for (let quarter = 0; quarter < seconds * 4; quarter += 1) {
      this.dispatchEvent(new Event('timeupdate'));
      vi.advanceTimersByTime(250);
      this.currentTime += 0.25;
    }
  }
}

describe('what a page says was played', () => {
  const sent: unknown[] = [];
  let up = true;
  const post = async (body: unknown) => {
    if (!up) throw new TypeError('offline');
    sent.push(body);
    return new Response('{"heard": [], "quotable": []}');
  };
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('window', new EventTarget());
    sent.length = 0;
    up = true;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('names the version that it showed while that was played', () => {
    const sound = new Sound();
    const report = new Report(sound as unknown as HTMLAudioElement, { transcript: 't', version: 3 }, post);
    sound.play(2);
    report.showing(4);
    sound.play(2);
    report.showing(5);
    expect(sent).toEqual([
      { transcript: 't', version: 3, stretches: [[0, 2000]] },
      { transcript: 't', version: 4, stretches: [[2000, 4000]] },
    ]);
  });
  it('names the oldest version of what could not be sent before', async () => {
    const sound = new Sound();
    const report = new Report(sound as unknown as HTMLAudioElement, { transcript: 't', version: 3 }, post);
    up = false;
    sound.play(2);
    report.showing(4);
    await Promise.resolve();
    await Promise.resolve();
    up = true;
    sound.play(2);
    report.showing(5);
    expect(sent).toEqual([{ transcript: 't', version: 3, stretches: [[0, 4000]] }]);
  });
});
