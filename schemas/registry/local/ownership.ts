// Who may write to a registry's folder. Owns: one Unix socket in the folder. Connectable means that its owner lives, so a
// killed owner leaves nothing behind that must be judged by its age or its process number.
// I1  at most one process listens on `owner.sock` of a folder.
// I2  an owner whose socket was replaced knows it before it writes: `held` compares the file with the one it made.

import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const socketName = 'owner.sock'
const limits = {
  /** What the operating systems allow for the path of a Unix socket, with room for a suffix. */
  socketPathBytesMax: 100,
  /** Between its bind and its listen a new owner cannot be reached yet. */
  deadProbes: 3,
  deadProbeGapMs: 20,
  helloMs: 1_000,
  helloBytesMax: 4_096,
  takeoversMax: 5,
} as const

/** What an owner tells whoever asks: enough for a refusal to say whom to go to. */
export interface OwnerCard {
  readonly pid: number
  /** The address of the REST API, when the owner serves it. */
  readonly url?: string | undefined
}

export interface Ownership {
  /** False once another process has taken the folder over. */
  held(): Promise<boolean>
  release(): Promise<void>
}

/** Another process writes to this folder: who, and what to do. */
export class FolderOwned extends Error {
  override readonly name = 'FolderOwned'
  readonly owner: OwnerCard | undefined

  constructor(folder: string, owner: OwnerCard | undefined) {
    const who = owner === undefined ? 'another process' : `process ${owner.pid}`
    const way =
      owner?.url === undefined
        ? 'stop that process first, or wait until it is done'
        : `go through its address (--registry ${owner.url}), or stop that process first`
    super(`The registry in ${folder} is being written by ${who}. One process at a time may do that. To fix: ${way}.`)
    this.owner = owner
  }
}

/** Takes the folder for this process, or throws FolderOwned. */
export const takeOwnership = async (folder: string, card: () => OwnerCard): Promise<Ownership> => {
  const place = await socketPlace(folder)
  const path = (name: string) => join(place.folder, name)
  try {
    for (let attempt = 0; attempt < limits.takeoversMax; attempt++) {
      const server = await listen(path(socketName), card)
      if (server !== undefined) return ownership(server, path(socketName), place.close)
      const owner = await living(path(socketName))
      if (owner !== 'dead') throw new FolderOwned(folder, owner)
      await removeDead(path, folder)
    }
    throw new FolderOwned(folder, undefined)
  } catch (error) {
    await place.close()
    throw error
  }
}

const ownership = async (server: Server, path: string, close: () => Promise<void>): Promise<Ownership> => {
  const { ino } = await stat(path)
  const held = async () => (await stat(path).catch(() => undefined))?.ino === ino
  return {
    held,
    async release() {
      // Closing removes the file by its name, and after a takeover that name is another's.
      if (await held()) await new Promise<void>(resolve => server.close(() => resolve()))
      await close()
    },
  }
}

/** A folder path short enough for a socket in it: the path itself, a relative one, or one through an open handle. */
const socketPlace = async (folder: string): Promise<{ folder: string; close: () => Promise<void> }> => {
  const fits = (path: string) => Buffer.byteLength(join(path, socketName)) <= limits.socketPathBytesMax
  const none = async () => {}
  if (fits(folder)) return { folder, close: none }
  const near = relative(process.cwd(), folder)
  if (fits(near)) return { folder: near, close: none }
  if (process.platform !== 'linux') {
    throw new Error(`The path ${folder} is too long for a socket in it. To fix: use a folder with a shorter path.`)
  }
  const handle: FileHandle = await open(folder, 'r')
  return { folder: `/proc/self/fd/${handle.fd}`, close: () => handle.close() }
}

/** Undefined when the name is taken. */
const listen = (path: string, card: () => OwnerCard): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer(socket => {
      socket.on('error', () => socket.destroy())
      socket.end(JSON.stringify(card()))
    })
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(path, () => {
      server.unref()
      resolve(server)
    })
  })

/** The owner's card, undefined when it lives but says nothing, or 'dead'. */
const living = async (path: string): Promise<OwnerCard | undefined | 'dead'> => {
  for (let probe = 0; probe < limits.deadProbes; probe++) {
    const answer = await ask(path)
    if (answer !== 'dead') return answer
    await pause(limits.deadProbeGapMs)
  }
  return 'dead'
}

const ask = (path: string): Promise<OwnerCard | undefined | 'dead'> =>
  new Promise(resolve => {
    let said = ''
    const socket = connect(path)
    const done = (answer: OwnerCard | undefined | 'dead') => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(limits.helloMs, () => done(undefined))
    socket.setEncoding('utf8')
    socket.on('data', text => {
      said += text
      if (said.length > limits.helloBytesMax) done(undefined)
    })
    socket.on('end', () => done(parseCard(said)))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? 'dead' : undefined),
    )
  })

const parseCard = (text: string): OwnerCard | undefined => {
  try {
    const card = JSON.parse(text) as Partial<OwnerCard>
    if (typeof card.pid !== 'number') return undefined
    return { pid: card.pid, url: typeof card.url === 'string' ? card.url : undefined }
  } catch {
    return undefined
  }
}

/** Moves the dead socket aside, and looks again: if a new owner was quicker, what was moved is alive and goes back. */
const removeDead = async (path: (name: string) => string, folder: string): Promise<void> => {
  const aside = path(`${randomUUID().slice(0, 8)}.old`)
  try {
    await rename(path(socketName), aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const owner = await living(aside)
  if (owner === 'dead') return rm(aside, { force: true })
  await rename(aside, path(socketName))
  throw new FolderOwned(folder, owner)
}
