// Bell. Owns: who waits in this process for something to be appended, and how other processes hear of it.
// Whoever runs a topology listens on a Unix socket in the data folder (Owner). A process that appends tells all of them,
// and they tell whoever is connected to them. B1  ringing never blocks and never fails: who is missed looks by itself, later.

import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import type { Listener } from '../lmdb/owner.ts'
import { socketFolder } from '../lmdb/socket-path.ts'

/** What is said on a socket when something has been committed. */
const word = '!'
/** A process that does not listen is told nothing more until it has. */
const unheardBytesMax = 4_096
/** New owners are looked for this often, by those who wait and by those who append. */
const lookForOwnersMs = 1_000
/** Closing waits so long for others to be told. */
const closeMs = 500

export class Bell implements Listener {
  readonly #folder: string
  readonly #waiting = new Set<() => void>()
  /** Processes that have connected to a topology of ours. */
  readonly #listeners = new Set<Socket>()
  /** Owners that this process has connected to, by the paths of their sockets. */
  readonly #owners = new Map<string, Socket>()
  #own = new Set<string>()
  #lookedMs = Number.NEGATIVE_INFINITY
  #closed = false

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Something has been committed by this process. */
  ring(): void {
    this.#wake()
    this.#lookForOwners()
    for (const socket of [...this.#listeners, ...this.#owners.values()]) tell(socket)
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
  }

  /** Resolves when something has been committed, when `until` settles, or after a while. */
  async wait(waitMs: number, until?: Promise<void>): Promise<void> {
    this.#lookForOwners()
    await new Promise<void>(resolve => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      this.#waiting.add(done)
      until?.then(done, done)
    })
  }

  /** Whether commits of other processes are heard at once. */
  get hears(): boolean {
    return this.#own.size > 0 || this.#owners.size > 0
  }

  /** A process has connected to a topology of ours. */
  adopt(socket: Socket): void {
    this.#listeners.add(socket)
    socket.on('data', () => {
      this.#wake()
      for (const other of this.#listeners) if (other !== socket) tell(other)
    })
    socket.on('close', () => this.#listeners.delete(socket))
  }

  /** These sockets are of this process. */
  owns(path: string, isOwn: boolean): void {
    if (isOwn) this.#own.add(path)
    else this.#own.delete(path)
  }

  #lookForOwners(): void {
    const nowMs = performance.now()
    if (this.#closed || nowMs - this.#lookedMs < lookForOwnersMs) return
    this.#lookedMs = nowMs
    for (const path of socketsIn(this.#folder)) {
      if (!this.#own.has(path) && !this.#owners.has(path)) this.#connect(path)
    }
  }

  #connect(path: string): void {
    const socket = connect(path)
    this.#owners.set(path, socket)
    // What is written before it is connected is sent then; the first that comes is the pid of the owner.
    socket.on('data', () => this.#wake())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#owners.delete(path))
    socket.unref()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
    const ended = [...this.#owners.values()].map(
      socket =>
        new Promise<void>(resolve => {
          socket.on('close', () => resolve())
          socket.ref().end()
          setTimeout(() => socket.destroy(), closeMs).unref()
        }),
    )
    for (const socket of this.#listeners) socket.destroy()
    await Promise.all(ended)
  }
}

const tell = (socket: Socket): void => {
  if (socket.writableLength <= unheardBytesMax) socket.write(word)
}

const socketsIn = (folder: string): string[] => {
  const own = socketFolder(folder)
  try {
    return readdirSync(own)
      .filter(name => name.endsWith('.sock'))
      .map(name => `${own}/${name}`)
  } catch (error) {
    // Nobody has run anything here yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
