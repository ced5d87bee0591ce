import { describe, expect, it } from 'vitest';
import { readRoute, staysWithRecording, to } from '../../collect/screens/route';

describe('addresses', () => {
  it('leads every link to the screen that it names', () => {
    expect(readRoute(to.home)).toEqual({ screen: 'home' });
    expect(readRoute(to.place)).toEqual({ screen: 'start', page: 'place' });
    expect(readRoute(to.question(2))).toEqual({ screen: 'consent-question', number: 2, change: false });
    expect(readRoute(to.changeQuestion(6))).toEqual({ screen: 'consent-question', number: 6, change: true });
    expect(readRoute(to.storyAfter('s', 'quote'))).toEqual({ screen: 'story', storyId: 's', saved: 'quote' });
    expect(readRoute(to.introduction(12))).toEqual({ screen: 'consent-introduction', number: 12 });
    expect(readRoute(to.group)).toEqual({ screen: 'consent-group' });
    expect(readRoute(to.about)).toEqual({ screen: 'consent-about' });
    expect(readRoute(to.groups)).toEqual({ screen: 'consent-groups' });
    expect(readRoute(to.joining('s'))).toEqual({ screen: 'joining', storyId: 's' });
    expect(readRoute(to.receipt('s'))).toEqual({ screen: 'receipt', storyId: 's', number: 1 });
    expect(readRoute(to.receipt('s', 3))).toEqual({ screen: 'receipt', storyId: 's', number: 3 });
    expect(readRoute(to.delete('s', 'p'))).toEqual({ screen: 'delete', storyId: 's', partId: 'p' });
  });

  it('opens the first page when there is no address', () => {
    expect(readRoute('')).toEqual({ screen: 'home' });
  });

  it('leads the receipt of an earlier app to the first one', () => {
    expect(readRoute('#/story/s/receipt')).toEqual({ screen: 'receipt', storyId: 's', number: 1 });
  });

  it.each(['#/nothing', '#/consent/x', '#/consent/0', '#/consent/introduction/x', '#/story', '#/story/s/other', '#/story/s/delete'])(
    'says that it does not know %s',
    (address) => expect(readRoute(address)).toEqual({ screen: 'unknown' }),
  );
});

describe('a recording that goes on', () => {
  it('goes on behind a photo and a quote of its own story', () => {
    expect(staysWithRecording(readRoute(to.photo('s')), 's')).toBe(true);
    expect(staysWithRecording(readRoute(to.quote('s')), 's')).toBe(true);
  });

  it('asks before any other page, and before another story', () => {
    expect(staysWithRecording(readRoute(to.home), 's')).toBe(false);
    expect(staysWithRecording(readRoute(to.finish('s')), 's')).toBe(false);
    expect(staysWithRecording(readRoute(to.story('other')), 's')).toBe(false);
  });
});
