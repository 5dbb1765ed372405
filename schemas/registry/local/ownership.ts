// Who may write to a registry's folder. Owns: one Unix socket in the folder for each process that does or wants to. That it
// can be connected to means that its process lives, so a killed owner leaves nothing that must be judged by age or number.
// I1  a process becomes owner only when it listens itself and then finds no other socket alive. Of any two, the later one
//     to listen finds the first, so two never become owners.
// I2  names are never used twice, so that removing a dead socket cannot hit a living one.

import { randomUUID } from 'node:crypto'
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const socketName = /^owner-[0-9a-f]{8}\.sock$/
const limits = {
  /** What the operating systems allow for the path of a Unix socket. */
  socketPathBytesMax: 100,
  /** Between its bind and its listen a socket looks dead. */
  deadProbes: 3,
  deadProbeGapMs: 10,
  helloMs: 1_000,
  helloBytesMax: 4_096,
  /** How long several that come at one moment sort themselves out. */
  electionMs: 5_000,
  electionGapMs: 10,
} as const

/** What an owner tells whoever asks: enough for a refusal to say whom to go to. */
export interface OwnerCard {
  readonly pid: number
  /** The address of the REST API, when the owner serves it. */
  readonly url?: string | undefined
}

interface Hello extends OwnerCard {
  /** Whether it owns the folder, or only wants to. */
  readonly owns: boolean
}

export interface Ownership {
  /** False once somebody removed the sign of it, and another process may own the folder. */
  held(): Promise<boolean>
  release(): Promise<void>
}

/**
 * Another process writes to this folder: who, and what to do.
 * @example if (error instanceof FolderOwned) console.error(`go to ${error.owner?.url}`)
 */
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
  const name = `owner-${randomUUID().slice(0, 8)}.sock`
  const sign = { owns: false }
  let server: Server | undefined
  const release = async () => {
    const listening = server
    if (listening !== undefined) await new Promise<void>(resolve => listening.close(() => resolve()))
    await place.close()
  }
  try {
    server = await listen(join(place.folder, name), () => ({ ...card(), ...sign }))
    const winner = await election(place.folder, name)
    if (winner !== 'us') throw new FolderOwned(folder, winner)
    sign.owns = true
  } catch (error) {
    await release()
    throw error
  }
  return { held: () => stat(join(place.folder, name)).then(isThere, () => false), release }
}

const isThere = () => true

/** Waits until no other socket is alive, or until one is that goes before ours: an owner, or a candidate of a lower name. */
const election = async (folder: string, name: string): Promise<'us' | OwnerCard | undefined> => {
  const end = performance.now() + limits.electionMs
  let last: OwnerCard | undefined
  while (performance.now() < end) {
    const others = await livingOthers(folder, name)
    if (others.length === 0) return 'us'
    // One that says nothing may just be leaving, so nobody loses to it: it is asked again until it is gone or speaks.
    const first = others.find(({ name: other, hello }) => hello !== undefined && (hello.owns || other < name))
    if (first !== undefined) return first.hello
    last = others[0]!.hello
    await pause(limits.electionGapMs)
  }
  return last
}

const livingOthers = async (folder: string, own: string) => {
  const names = (await readdir(folder)).filter(each => socketName.test(each) && each !== own)
  const found = await Promise.all(names.map(async each => ({ name: each, hello: await living(join(folder, each)) })))
  const alive: { readonly name: string; readonly hello: Hello | undefined }[] = []
  for (const { name, hello } of found) {
    if (hello === 'dead') await rm(join(folder, name), { force: true })
    else alive.push({ name, hello })
  }
  return alive
}

/** A folder path short enough for a socket in it: the path itself, a relative one, or one through an open handle. */
const socketPlace = async (folder: string): Promise<{ folder: string; close: () => Promise<void> }> => {
  const fits = (path: string) => Buffer.byteLength(join(path, 'owner-00000000.sock')) <= limits.socketPathBytesMax
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

const listen = (path: string, hello: () => Hello): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(socket => {
      socket.on('error', () => socket.destroy())
      socket.end(JSON.stringify(hello()))
    })
    server.once('error', reject)
    server.listen(path, () => {
      server.unref()
      resolve(server)
    })
  })

/** What a socket says, undefined when it lives but says nothing, or 'dead'. */
const living = async (path: string): Promise<Hello | undefined | 'dead'> => {
  for (let probe = 0; probe < limits.deadProbes; probe++) {
    const answer = await ask(path)
    if (answer !== 'dead') return answer
    await pause(limits.deadProbeGapMs)
  }
  return 'dead'
}

const ask = (path: string): Promise<Hello | undefined | 'dead'> =>
  new Promise(resolve => {
    let said = ''
    const socket = connect(path)
    const done = (answer: Hello | undefined | 'dead') => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(limits.helloMs, () => done(undefined))
    socket.setEncoding('utf8')
    socket.on('data', text => {
      said += text
      if (said.length > limits.helloBytesMax) done(undefined)
    })
    socket.on('end', () => done(parseHello(said)))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? 'dead' : undefined),
    )
  })

const parseHello = (text: string): Hello | undefined => {
  try {
    const { pid, url, owns } = JSON.parse(text) as Partial<Hello>
    if (typeof pid !== 'number' || typeof owns !== 'boolean') return undefined
    return { pid, url: typeof url === 'string' ? url : undefined, owns }
  } catch {
    return undefined
  }
}
