import { readdirSync } from 'node:fs';
import { parse, resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const here = import.meta.dirname;

/**
 * The screens wait for their words before they run (main.ts). The page already says that they will be wanted, so that
 * both are fetched side by side.
 */
function screensEarly(): Plugin {
  return {
    name: 'screens-early',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const screens = Object.values(bundle ?? {}).find((file) => file.type === 'chunk' && file.name === 'show');
        if (!screens) return [];
        return [{ tag: 'link', attrs: { rel: 'modulepreload', href: `/collect/${screens.fileName}` }, injectTo: 'head' }];
      },
    },
  };
}

/** The installable app for phones, served at /collect/. */
function collect(): UserConfig {
  return {
    root: resolve(here, 'collect'),
    base: '/collect/',
    publicDir: resolve(here, 'collect/public'),
    build: {
      outDir: resolve(here, 'dist/collect'),
      emptyOutDir: true,
      target: ['chrome109', 'safari16.4', 'firefox115'],
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      modulePreload: { polyfill: false },
    },
    plugins: [
      screensEarly(),
      svelte({ configFile: false, emitCss: true, compilerOptions: { runes: true } }),
      VitePWA({
        strategies: 'injectManifest',
        srcDir: '.',
        filename: 'service-worker.ts',
        registerType: 'prompt',
        injectRegister: false,
        manifest: false,
        injectManifest: { rollupFormat: 'iife', globPatterns: ['**/*.{html,js,css,svg,png,webmanifest}'] },
      }),
    ],
  };
}

/** Each top-level file of library/ that is a module or a style sheet is one entry. */
function libraryEntries(): Record<string, string> {
  const files = readdirSync(resolve(here, 'library')).filter(
    (name) => /\.(ts|s?css)$/.test(name) && !/^_|\.d\.ts$/.test(name),
  );
  return Object.fromEntries(
    files.map((name) => {
      const { name: stem, ext } = parse(name);
      return [ext === '.ts' ? stem : `${stem}-styles`, resolve(here, 'library', name)];
    }),
  );
}

/** Modules and styles for server pages, served at /static/library/; manifest.json maps names to files. */
function library(): UserConfig {
  return {
    root: resolve(here, 'library'),
    base: '/static/library/',
    publicDir: false,
    resolve: {
      alias: { '/assets/images': resolve(here, 'node_modules/nhsuk-frontend/dist/nhsuk/assets/images') },
    },
    css: {
      // nhsuk-frontend's print rules stop the default minifier unless it may carry on past them.
      lightningcss: { errorRecovery: true },
      preprocessorOptions: { scss: { loadPaths: [resolve(here, 'node_modules')], quietDeps: true } },
    },
    build: {
      outDir: resolve(here, 'dist/library'),
      emptyOutDir: true,
      manifest: 'manifest.json',
      target: ['chrome109', 'safari16.4', 'firefox115'],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: libraryEntries() },
    },
  };
}

export default defineConfig(({ mode }) => (mode === 'library' ? library() : collect()));
