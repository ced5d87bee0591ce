import { createContext } from 'svelte';
import type { CollectApp } from '../app-core';

/** The opened app, for every screen under `Collect.svelte`. */
export const [collectApp, provideCollectApp] = createContext<CollectApp>();
