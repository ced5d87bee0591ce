import 'fake-indexeddb/auto';

// The upload client's browser build looks for its storage here while it loads.
Object.assign(globalThis, { window: globalThis });
