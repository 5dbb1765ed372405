import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { endianness } from 'node:os'

// LMDB maps its file into memory and trusts it: where the file is too short, some later read ends the process. So the
// heads of the file are looked at before it is mapped.

const magic = 0xbeefc0de
const magicAt = 24
const pageBytesAt = 48
const lastPageAt = 144
const headBytes = 168
const pageBytesMin = 512
const pageBytesMax = 65_536

const little = endianness() === 'LE'
const u32 = (bytes: Buffer, at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
const u64 = (bytes: Buffer, at: number): number =>
  Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))

export interface FileState {
  /** What its heads already tell to be wrong. */
  readonly fault?: string
  readonly bytes: number
  /** As long as it must be for every page it has given away; pages at its end that are free may be missing. */
  readonly bytesMax: number
}

/** What the heads of the file say; undefined: there is no file yet, or an empty one. */
export const stateOf = (path: string): FileState | undefined => {
  if (!existsSync(path)) return undefined
  const file = openSync(path, 'r')
  try {
    const begun = fstatSync(file).size
    if (begun === 0) return undefined
    const head = Buffer.alloc(Math.min(begun, 2 * pageBytesMax))
    readSync(file, head, 0, head.length, 0)
    // Asked for after the heads were read: they never tell of more than what another process had written before them.
    return examined(head, fstatSync(file).size)
  } finally {
    closeSync(file)
  }
}

const examined = (head: Buffer, size: number): FileState => {
  const faulty = (fault: string): FileState => ({ fault, bytes: size, bytesMax: size })
  const isHead = (at: number) => at + headBytes <= head.length && u32(head, at + magicAt) === magic
  if (!isHead(0)) return faulty('it does not begin as a database does')
  const pageBytes = u32(head, pageBytesAt)
  if (!(pageBytes >= pageBytesMin && pageBytes <= pageBytesMax)) return faulty(`its pages have ${pageBytes} bytes`)
  if (!isHead(pageBytes)) return faulty('its second head is gone')
  const pages = Math.max(u64(head, lastPageAt), u64(head, pageBytes + lastPageAt)) + 1
  return { bytes: size, bytesMax: pages * pageBytes }
}
