import { mount } from 'svelte';
import App from './App.svelte';
import { openCollectApp } from './app/open';

const target = document.getElementById('app');
if (target) mount(App, { target, props: { app: openCollectApp() } });
