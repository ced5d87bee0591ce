// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Following, pauseAfter, SOONEST } from '../../../library/theming/following';
import { whyNot } from '../../../library/theming/sending';

let asked: string[];
let said: string[];
let answers: (() => Response | Promise<Response>)[];

beforeEach(() => {
  vi.useFakeTimers();
  [asked, said, answers] = [[], [], []];
  vi.stubGlobal('fetch', async (_: string, wishes: { headers: Record<string, string> }) => {
    asked.push(wishes.headers['If-None-Match'] ?? '');
    const answer = answers.shift();
    if (!answer) throw new TypeError('no network');
    return answer();
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const follow = () => new Following('/stories/1/theming', 'first', {
  changed: (html) => said.push(html),
  reachable: (is) => said.push(is ? 'there' : 'away'),
  over: (why) => said.push(why),
});
const changed = (html: string, stamp: string) => () => new Response(html, { headers: { ETag: `"${stamp}"` } });
const same = () => new Response(null, { status: 304 });

describe('following what others do', () => {
  it('shows what changed and asks on from there', async () => {
    answers = [same, changed('new', 'second'), same];
    follow();
    await vi.advanceTimersByTimeAsync(3 * SOONEST);
    expect(said).toEqual(['there', 'there', 'new', 'there']);
    expect(asked).toEqual(['"first"', '"first"', '"second"']);
  });
  it('drops an answer that was under way while the page was told something newer', async () => {
    let answer: (response: Response) => void = () => undefined;
    answers = [() => new Promise((resolve) => (answer = resolve)), same];
    const following = follow();
    await vi.advanceTimersByTimeAsync(SOONEST);
    following.knows('newer');
    answer(changed('old', 'older')());
    await vi.advanceTimersByTimeAsync(SOONEST);
    expect(said).not.toContain('old');
    expect(asked).toEqual(['"first"', '"newer"']);
  });
  it('asks less and less often while nothing answers', async () => {
    expect([pauseAfter(3000, false), pauseAfter(48_000, false), pauseAfter(48_000, true)]).toEqual([6000, 60_000, SOONEST]);
    follow();
    await vi.advanceTimersByTimeAsync(SOONEST + 6000);
    expect(said).toEqual(['away', 'away']);
  });
  it('ends when the story is gone', async () => {
    answers = [() => new Response('', { status: 404 }), same];
    follow();
    await vi.advanceTimersByTimeAsync(10 * SOONEST);
    expect(said).toEqual(['gone']);
  });
});

describe('why something is not saved', () => {
  it('is said in words, the server’s own where it has some', () => {
    expect(whyNot(422, 'Make the name shorter.')).toBe('Make the name shorter.');
    expect(whyNot(401, 'x')).toContain('signed out');
    expect(whyNot(410, 'x')).toContain('not here any more');
    expect(whyNot(500, 'x')).toContain('on our side');
  });
});
