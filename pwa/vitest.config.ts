import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  resolve: {
    conditions: ['browser'],
    alias: { 'tus-js-client': resolve(import.meta.dirname, 'node_modules/tus-js-client/lib.esm/browser/index.js') },
  },
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
    testTimeout: 60_000,
    server: { deps: { inline: [/tus-js-client/] } },
  },
});
