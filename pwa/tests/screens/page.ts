import { flushSync, mount, unmount, type Component } from 'svelte';
import type { CollectApp } from '../../collect/app-core';
import Within from './Within.svelte';

let shown: (() => void)[] = [];

/** Shows a screen in a page, with as much of the app as it needs; gives back where it is. */
export function show(app: object, screen: unknown, given: Record<string, unknown> = {}): HTMLElement {
  const target = document.createElement('div');
  document.body.append(target);
  const made = mount(Within, {
    target, props: { app: app as CollectApp, screen: screen as Component<Record<string, unknown>>, given },
  });
  shown.push(() => void unmount(made));
  flushSync();
  return target;
}

/** Takes every screen away. */
export function clear(): void {
  for (const end of shown) end();
  shown = [];
  document.body.replaceChildren();
}

export const textOf = (page: HTMLElement): string => (page.textContent ?? '').replace(/\s+/g, ' ').trim();
