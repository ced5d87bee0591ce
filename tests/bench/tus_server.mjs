// tus's own server with its file store, to measure beside ours: node tus_server.mjs FOLDER
import { createRequire } from 'node:module'
import { createServer } from 'node:http'

const packages = createRequire(new URL('../../pwa/package.json', import.meta.url))
const { Server } = packages('@tus/server')
const { FileStore } = packages('@tus/file-store')

const tus = new Server({ path: '/files', datastore: new FileStore({ directory: process.argv[2] }), relativeLocation: true })
const listening = createServer(tus.handle.bind(tus)).listen(0, '127.0.0.1', () => {
  console.log(listening.address().port)
})
