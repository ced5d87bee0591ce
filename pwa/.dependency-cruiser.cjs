/** The layers of the phone app; `check-layers.mjs` runs these and fails when nothing was read. */
const forbidden = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    forbidden('no-circles', {}, { circular: true }, 'Imports point down, never round.'),
    forbidden(
      'domain-is-pure',
      { path: '^collect/domain/' },
      { pathNot: '^collect/domain/' },
      'Rules know nothing of storage, devices, network or screens.',
    ),
    forbidden(
      'store-knows-domain-only',
      { path: '^collect/store/' },
      { pathNot: '^(collect/(domain|store)/|node_modules/(idb|hash-wasm)/)' },
      'What is kept does not depend on how it is captured or sent.',
    ),
    forbidden(
      'capture-knows-store-and-domain',
      { path: '^collect/capture/' },
      { pathNot: '^collect/(domain|store|capture)/' },
      'Capturing never waits for the network.',
    ),
    forbidden(
      'sync-knows-store-and-domain',
      { path: '^collect/sync/' },
      { pathNot: '^(collect/(domain|store|sync)/|node_modules/tus-js-client/)' },
      'Sending never touches a microphone or a screen.',
    ),
    forbidden(
      'screens-use-the-app-only',
      { path: '^collect/(screens|components|words)/' },
      { path: '^collect/(store|capture|sync|app|main)(/|\\.ts$)' },
      'Screens see the app through app-core.ts and the domain.',
    ),
    forbidden(
      'library-stands-alone',
      { path: '^library/' },
      { path: '^collect/' },
      'Server pages and the phone app are built apart.',
    ),
    forbidden('nothing-unresolved', {}, { couldNotResolve: true, pathNot: '^virtual:' }, 'Every import exists.'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['svelte', 'browser', 'import', 'types'] },
  },
};
