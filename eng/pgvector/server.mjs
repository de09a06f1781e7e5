// A Postgres with pgvector in memory, on a port of loopback: node server.mjs PORT. All connections share one session. They take turns: the
// one that sends something has the session until the answer says that it is idle, outside a transaction, and the others wait.
import { createServer } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

// What a connection may begin with, https://www.postgresql.org/docs/current/protocol-message-formats.html
const CANCEL = 80877102
const SSL = 80877103
const GSS = 80877104

const IDLE = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]) // ReadyForQuery, outside a transaction
const SYNC = Uint8Array.from([0x53, 0, 0, 0, 4])
const TERMINATE = 0x58

const db = await PGlite.create({ extensions: { vector } })
let owner = null
const waiting = []

async function takeTurn(connection) {
  if (owner !== null && owner !== connection) await new Promise((resume) => waiting.push({ connection, resume }))
  owner = connection
}

function passTurn() {
  const next = waiting.shift()
  owner = next?.connection ?? null
  next?.resume()
}

class Connection {
  constructor(socket) {
    this.socket = socket
    this.received = Buffer.alloc(0)
    this.isStarted = false
    let work = Promise.resolve()
    const doNext = (what) => {
      work = work.then(what).catch((error) => socket.destroy(error))
    }
    socket.setNoDelay(true)
    socket.on('data', (data) => {
      this.received = Buffer.concat([this.received, data])
      doNext(() => this.answerAll())
    })
    socket.on('error', () => {}) // 'close' follows
    socket.on('close', () => doNext(() => this.leave()))
  }

  async answerAll() {
    for (let message = this.takeMessage(); message !== null; message = this.takeMessage()) await this.answer(message)
  }

  // The next message that has come as a whole; null if there is none. The first has no byte for its type.
  takeMessage() {
    const before = this.isStarted ? 1 : 0
    if (this.received.length < before + 4) return null
    const length = before + this.received.readInt32BE(before)
    if (this.received.length < length) return null
    const message = this.received.subarray(0, length)
    this.received = this.received.subarray(length)
    return message
  }

  async answer(message) {
    if (!this.isStarted) {
      const code = message.readInt32BE(4)
      if (code === SSL || code === GSS) return void this.socket.write('N')
      if (code === CANCEL) return void this.socket.end() // nothing can be cancelled
      this.isStarted = true
    } else if (message[0] === TERMINATE) {
      return void this.socket.end()
    }

    await takeTurn(this)
    if (this.socket.destroyed) return this.leave()
    if (await this.run(Uint8Array.from(message))) passTurn()
  }

  // Whether the session is idle afterwards.
  async run(message) {
    let end = Buffer.alloc(0)
    await db.runExclusive(() =>
      db.execProtocolRawStream(message, {
        onRawData: (data) => {
          const bytes = Buffer.from(data)
          end = Buffer.concat([end, bytes]).subarray(-IDLE.length)
          if (this.socket.writable) this.socket.write(bytes)
        },
      }),
    )
    return end.equals(IDLE)
  }

  // A transaction of a connection that is gone ends with it.
  async leave() {
    if (owner !== this) return
    try {
      if (!(await this.run(SYNC))) await db.exec('ROLLBACK')
    } finally {
      passTurn()
    }
  }
}

createServer((socket) => new Connection(socket)).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'))
process.on('SIGINT', () => process.exit(0))
