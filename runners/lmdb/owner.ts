import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DataFolderError } from './environment.ts'

/** Unix sockets have paths of 107 bytes at most; a longer one moves to the temporary folder under its hash. */
const socketPathBytesMax = 100

/** The right of one process to run a topology in a data folder. Who can be connected to is alive: no pid file goes stale. */
export class Owner {
  readonly #server: Server
  readonly #path: string

  private constructor(server: Server, path: string) {
    this.#server = server
    this.#path = path
  }

  static async take(folder: string, topology: string): Promise<Owner> {
    const path = socketPath(folder, topology)
    for (let tries = 0; tries < 2; tries++) {
      const server = createServer(socket => socket.end(`${process.pid}\n`))
      if (await listens(server, path)) return new Owner(server.unref(), path)
      const pid = await ask(path)
      if (pid !== undefined) {
        throw new DataFolderError(
          `The topology ${topology} already runs on ${folder}, in process ${pid}. Stop that one first, or choose another folder with --data.`,
        )
      }
      // Nobody answers: its process is gone.
      rmSync(path, { force: true })
    }
    throw new DataFolderError(
      `The socket ${path} can be neither listened on nor connected to. Remove it and try again.`,
    )
  }

  async release(): Promise<void> {
    await new Promise(done => this.#server.close(done))
    rmSync(this.#path, { force: true })
  }
}

const socketPath = (folder: string, topology: string): string => {
  const own = join(resolve(folder), 'run')
  mkdirSync(own, { recursive: true })
  const path = join(own, `${topology}.sock`)
  if (Buffer.byteLength(path) <= socketPathBytesMax) return path
  return join(tmpdir(), `franz-${createHash('sha256').update(path).digest('hex').slice(0, 24)}.sock`)
}

const listens = (server: Server, path: string): Promise<boolean> =>
  new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? done(false) : fail(error)))
    server.listen(path, () => done(true))
  })

/** The pid that the owner tells, or undefined where nobody listens. */
const ask = (path: string): Promise<string | undefined> =>
  new Promise(done => {
    let told = ''
    const socket = connect(path)
    socket.setTimeout(2_000, () => socket.destroy())
    socket.on('data', data => {
      told += data.toString()
    })
    socket.on('error', () => done(undefined))
    socket.on('close', () => done(told.trim() || 'unknown'))
  })
