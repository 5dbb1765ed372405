import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Unix sockets have paths of 107 bytes at most: a folder with a longer one has its sockets in the temporary folder. */
const folderBytesMax = 64
const nameBytesMax = 32

const hashed = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24)

/** Where the sockets of a data folder are. */
export const socketFolder = (folder: string): string => {
  const own = join(resolve(folder), 'run')
  return Buffer.byteLength(own) <= folderBytesMax ? own : join(tmpdir(), `franz-${hashed(own)}`)
}

/** The socket of a topology; its folder is there then. */
export const socketPath = (folder: string, topology: string): string => {
  const own = socketFolder(folder)
  mkdirSync(own, { recursive: true, mode: 0o700 })
  const plain = /^[\w.-]+$/.test(topology) && topology.length <= nameBytesMax
  return join(own, `${plain ? topology : hashed(topology)}.sock`)
}
