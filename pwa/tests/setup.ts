import 'fake-indexeddb/auto';
import { speak } from '../collect/words';

// The upload client's browser build looks for its storage here while it loads.
Object.assign(globalThis, { window: globalThis });

// As main.ts does: the words are there before anything that says them.
await speak('en');
