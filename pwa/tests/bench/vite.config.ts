import { resolve } from 'node:path';
import { defineConfig } from 'vite';

/** The recorder with everything it stands on, as one script for a page of its own. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    lib: { entry: resolve(import.meta.dirname, 'three-hours.ts'), formats: ['es'], fileName: () => 'three-hours.js' },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
