// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { captionAt, Captions, turned } from '../../library/sound/captions';

const CUES = [
  { start: 0, end: 900 },
  { start: 900, end: 4000 },
  { start: 9000, end: 12_000 },
];

describe('the caption of a moment', () => {
  it('is the one that is being said', () => {
    expect([0, 899, 900, 3999, 9000].map((moment) => captionAt(CUES, moment))).toEqual([0, 0, 1, 1, 2]);
  });
  it('is none where nothing is said', () => {
    expect([4000, 8999, 12_000].map((moment) => captionAt(CUES, moment))).toEqual([-1, -1, -1]);
    expect(captionAt([], 0)).toBe(-1);
  });
  it('stays long enough to be read', () => {
    expect([1499, 1500].map((moment) => captionAt([{ start: 0, end: 200 }], moment))).toEqual([0, -1]);
  });
});

describe('the captions button', () => {
  it('brings captions that cannot be seen and takes away those that can', () => {
    expect(turned('unless in sight', false)).toBe('on');
    expect(turned('unless in sight', true)).toBe('off');
    expect([turned('on', false), turned('on', true), turned('off', false)]).toEqual(['off', 'off', 'on']);
  });
});

/** A player with a track that has these captions, each its time in seconds and how its text looks as HTML. */
function player(...cues: [start: number, end: number, html: string][]): { captions: Captions; root: HTMLElement } {
  document.body.innerHTML = `<div><audio><track kind="captions"></audio>
    <button data-captions hidden>Captions</button><p data-caption hidden></p></div>`;
  const root = document.body.firstElementChild as HTMLElement;
  const track = root.querySelector('track') as HTMLTrackElement;
  const content = cues.map(([startTime, endTime, html]) => ({
    startTime,
    endTime,
    getCueAsHTML: () => document.createRange().createContextualFragment(html),
  }));
  Object.defineProperty(track, 'track', { value: { mode: 'showing', cues: content } });
  const captions = new Captions(root, root.querySelector('audio') as HTMLAudioElement);
  track.dispatchEvent(new Event('load'));
  return { captions, root };
}

const part = (root: HTMLElement, selector: string) => root.querySelector<HTMLElement>(selector) as HTMLElement;
const away = () => false;

describe('captions under a player', () => {
  beforeEach(() => localStorage.clear());

  it('say what is said while the words on the page cannot be seen', () => {
    const { captions, root } = player([0, 2, 'We waited.'], [2, 4, '<span title="Amal">All night.</span>']);
    const line = part(root, '[data-caption]');
    captions.say(500, true, () => true);
    expect(line.hidden).toBe(true);
    captions.say(600, true, away);
    expect([line.hidden, line.textContent]).toEqual([false, 'We waited.']);
    captions.say(2100, true, away);
    expect(line.textContent).toBe('Amal: All night.');
    captions.say(9000, true, away);
    expect(line.hidden).toBe(true);
  });

  it('say nothing before the sound was begun', () => {
    const { captions, root } = player([0, 2, 'We waited.']);
    captions.say(0, false, away);
    expect(part(root, '[data-caption]').hidden).toBe(true);
  });

  it('are turned off and on, and stay so on the next page', () => {
    const { captions, root } = player([0, 2, 'We waited.']);
    captions.say(500, true, away);
    part(root, '[data-captions]').click();
    expect(part(root, '[data-caption]').hidden).toBe(true);
    expect(part(root, '[data-captions]').getAttribute('aria-pressed')).toBe('false');

    const next = player([0, 2, 'We waited.']);
    next.captions.say(500, true, away);
    expect(part(next.root, '[data-caption]').hidden).toBe(true);
    part(next.root, '[data-captions]').click();
    next.captions.say(600, true, () => true);
    expect(part(next.root, '[data-caption]').textContent).toBe('We waited.');
  });

  it('offer no button where there are none', () => {
    expect(part(player().root, '[data-captions]').hidden).toBe(true);
    expect(part(player([0, 1, 'We waited.']).root, '[data-captions]').hidden).toBe(false);
  });
});
