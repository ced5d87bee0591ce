import { mount } from 'svelte';
import App from './App.svelte';
import { openCollectApp } from './app/open';

/** Opens the app on the page. Import this after `speak`: screens take their words while they load. */
export function show(target: HTMLElement): void {
  mount(App, { target, props: { app: openCollectApp() } });
}
