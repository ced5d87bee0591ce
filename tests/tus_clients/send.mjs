// Sends a file with tus-js-client as anybody would use it in Node: `node send.mjs '{"file": …, "options": …}'`.
// Prints a line of JSON for each piece that the server took, and one at the end. With `killAfter` the process is gone,
// without a word, once so many pieces were taken.
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';

const { Upload } = createRequire(new URL('../../pwa/package.json', import.meta.url))('tus-js-client');
const { file, killAfter, options } = JSON.parse(process.argv[2]);
let pieces = 0;

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const upload = new Upload(createReadStream(file), {
  ...options,
  onChunkComplete: (size, accepted) => {
    say({ size, accepted, url: upload.url });
    pieces += 1;
    if (pieces === killAfter) process.kill(process.pid, 'SIGKILL');
  },
  onSuccess: () => say({ done: true, url: upload.url }),
  onError: (error) => {
    say({ done: false, error: error.message });
    process.exitCode = 1;
  },
});
upload.start();
