import { createHash } from 'node:crypto'
import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Two processes that open one folder of PGlite destroy it, and PGlite itself does not see to that. */
export const ownFolder = async (folder: string): Promise<() => Promise<void>> => {
  mkdirSync(folder, { recursive: true })
  // A socket's path has a hundred letters at most, so it does not stand in the folder.
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24)
  const path = join(tmpdir(), `franz-pglite-${name}.sock`)
  const server = (await listening(path)) ?? ((await alive(path)) ? undefined : await again(path))
  if (server === undefined)
    throw new Error(
      `another process has the database in ${folder} open. To fix: stop it, or set DATABASE_URL to a PostgreSQL that many can use`,
    )
  server.unref()
  return () => new Promise(resolve => server.close(() => resolve()))
}

/** Connectable means alive: whoever was killed has left a socket that nobody answers. */
const again = async (path: string): Promise<Server | undefined> => {
  rmSync(path, { force: true })
  return listening(path)
}

const listening = (path: string): Promise<Server | undefined> =>
  new Promise(resolve => {
    const server = createServer(socket => socket.destroy())
    server.once('error', () => resolve(undefined))
    server.listen(path, () => resolve(server))
  })

const alive = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
