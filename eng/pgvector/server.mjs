// A Postgres with pgvector in memory, on a port of loopback: node server.mjs PORT. All connections share one session, so that a client must use one at a time.
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

const db = await PGlite.create({ extensions: { vector } })
const server = new PGLiteSocketServer({ db, port: Number(process.argv[2]), host: '127.0.0.1', maxConnections: 100 })
await server.start()
console.log('ready')

process.on('SIGINT', async () => {
  await server.stop()
  process.exit(0)
})
