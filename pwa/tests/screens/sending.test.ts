// @vitest-environment happy-dom
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { SendingView } from '../../collect/app-core';
import type { Line } from '../../collect/domain/line';
import { writable } from '../../collect/domain/readable';
import { summary, type OutboxSummary } from '../../collect/domain/status';
import MediaWaits from '../../collect/screens/sending/MediaWaits.svelte';
import SendingScreen from '../../collect/screens/sending/SendingScreen.svelte';
import { clear, show, textOf } from './page';

const SIZE = 3_000_000;

function phone(now: Partial<SendingView>, left: Partial<OutboxSummary> = {}) {
  const view = writable<SendingView>({ wifiOnly: false, line: 'wifi', mediaGoes: true, ...now });
  const outbox = writable<OutboxSummary>({ ...summary([]), ...left });
  const asked: (boolean | 'now')[] = [];
  const sending = {
    view,
    setWifiOnly: (wifiOnly: boolean) => Promise.resolve(void asked.push(wifiOnly)),
    mediaNow: () => Promise.resolve(void asked.push('now')),
  };
  return { app: { outbox, sending }, view, asked };
}

afterEach(clear);

describe('the page about Wi-Fi', () => {
  it.each([false, true])('shows what was chosen before, and passes on the other choice: %s', (wifiOnly) => {
    const { app, asked } = phone({ wifiOnly });
    const box = show(app, SendingScreen).querySelector<HTMLInputElement>('input[type=checkbox]')!;
    expect(box.checked).toBe(wifiOnly);
    box.click();
    expect(asked).toEqual([!wifiOnly]);
  });

  it('says what the choice is about to whoever hears the page', () => {
    const page = show(phone({}).app, SendingScreen);
    const box = page.querySelector('input[type=checkbox]')!;
    expect(textOf(box.closest('label')!)).toBe('Send sound and photos by Wi-Fi only');
    expect(textOf(page.querySelector(`#${box.getAttribute('aria-describedby')}`)!)).toContain('Words are small');
  });

  it('says by what the phone is connected, and tells of a change', () => {
    const { app, view } = phone({ line: 'wifi' });
    const status = show(app, SendingScreen).querySelector<HTMLElement>('[role=status]')!;
    const said = (['wifi', 'mobile', 'unknown'] as Line[]).map((line) => {
      view.update((now) => ({ ...now, line }));
      flushSync();
      return textOf(status);
    });
    expect(new Set(said).size).toBe(3);
    expect(said.every((one) => one.length > 0)).toBe(true);
  });

  it.each([[0, false], [SIZE, true]])('says how much is kept although it was sent: %s', (keptBytes, isSaid) => {
    expect(textOf(show(phone({}, { keptBytes }).app, SendingScreen)).includes('3 MB')).toBe(isSaid);
  });
});

describe('sound and photos that wait', () => {
  it.each([
    ['for Wi-Fi', { mediaGoes: false, line: 'mobile' as const }, SIZE, true],
    ['for somebody to say so, where nobody knows the line', { mediaGoes: false, line: 'unknown' as const }, SIZE, true],
    ['for nothing, where they go', { mediaGoes: true }, SIZE, false],
    ['for nothing, where there are none', { mediaGoes: false, line: 'mobile' as const }, 0, false],
  ])('%s', (_what, now, mediaBytes, isSaid) => {
    const { app, asked } = phone({ wifiOnly: true, ...now }, { mediaBytes });
    const page = show(app, MediaWaits);
    expect(textOf(page).includes('3 MB')).toBe(isSaid);
    page.querySelector('button')?.click();
    expect(asked).toEqual(isSaid ? ['now'] : []);
  });

  it('are told of in other words where the phone does not know its line', () => {
    const texts = (['mobile', 'unknown'] as const).map((line) =>
      textOf(show(phone({ wifiOnly: true, mediaGoes: false, line }, { mediaBytes: SIZE }).app, MediaWaits)));
    expect(texts[0]).not.toBe(texts[1]);
  });

  it('go from this page too', () => {
    const { app, asked } = phone({ wifiOnly: true, mediaGoes: false, line: 'mobile' }, { mediaBytes: SIZE });
    show(app, SendingScreen).querySelector('button')!.click();
    expect(asked).toEqual(['now']);
  });
});
