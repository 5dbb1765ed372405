import { rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { DataFolderError } from './errors.ts'
import { socketPath } from './socket-path.ts'

/** Who speaks with other processes on the sockets of owners. */
export interface Listener {
  /** A process has connected. */
  adopt(socket: Socket): void
  /** Whether a socket is of this process. */
  owns(path: string, isOwn: boolean): void
}

const deaf: Listener = { adopt: () => {}, owns: () => {} }

/** An owner that is alive says its pid within this. */
const askMs = 2_000

/**
 * The right of one process to run a topology in a data folder. Who can be connected to is alive, so that no pid file goes
 * stale; and on the same socket processes tell each other of commits.
 */
export class Owner {
  readonly #server: Server
  readonly #path: string
  readonly #listener: Listener
  readonly #sockets = new Set<Socket>()

  private constructor(path: string, listener: Listener) {
    this.#path = path
    this.#listener = listener
    this.#server = createServer(socket => {
      this.#sockets.add(socket.unref())
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      socket.write(`${process.pid}\n`)
      listener.adopt(socket)
    }).unref()
  }

  static async take(folder: string, topology: string, listener = deaf): Promise<Owner> {
    const path = socketPath(folder, topology)
    for (let tries = 0; tries < 2; tries++) {
      const owner = new Owner(path, listener)
      if (await owner.#listens()) return owner
      const pid = await ask(path)
      if (pid !== undefined) {
        throw new DataFolderError(
          'taken',
          `The topology ${topology} already runs on ${folder}, in process ${pid}. Stop that one first, or choose another folder with --data.`,
        )
      }
      // Nobody answers: its process is gone.
      rmSync(path, { force: true })
    }
    throw new DataFolderError(
      'taken',
      `The socket ${path} can be neither listened on nor connected to. Remove it and try again.`,
    )
  }

  #listens(): Promise<boolean> {
    return new Promise((done, fail) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? done(false) : fail(error),
      )
      this.#server.listen(this.#path, () => {
        this.#listener.owns(this.#path, true)
        done(true)
      })
    })
  }

  async release(): Promise<void> {
    this.#listener.owns(this.#path, false)
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(done => this.#server.close(done))
    rmSync(this.#path, { force: true })
  }
}

/** The pid that the owner tells, or undefined where nobody listens. */
const ask = (path: string): Promise<string | undefined> =>
  new Promise(done => {
    let told = ''
    const socket = connect(path)
    socket.setTimeout(askMs, () => socket.destroy())
    socket.on('data', data => {
      told += data.toString()
      if (told.includes('\n')) socket.destroy()
    })
    socket.on('connect', () => socket.on('close', () => done(/^\d+/.exec(told)?.[0] ?? 'unknown')))
    socket.on('error', () => done(undefined))
  })
