// Gate. Owns: who of all processes at a data folder may change its LMDB file at this moment.
// LMDB by itself lets a process that opens a file tell all others an older commit than the newest: it reads the heads of
// the file, and writes down what it has read a moment later. Whatever was committed in between is then built over by the
// next commit, and lost. So files are opened, written and closed by one process at a time.
// G1  a process that ends, however it ends, has left the gate: it is a lock in memory that all share, of a file of its own.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'

/** A lock whose last holder just closed it is gone for those who came meanwhile; they open it again. */
const triesMax = 200
const triesEveryMs = 1

/** Where the lock stands: a file without content, which may be removed when nobody has the folder open. */
export const gateOf = (folder: string): string => join(folder, 'log', 'gate')

export class Gate {
  readonly #lock: RootDatabase
  #isHeld = false

  constructor(folder: string) {
    this.#lock = settled(() => openedGate(gateOf(folder)))
  }

  /** Does this while nobody else does such a thing. */
  pass<T>(work: () => T): T {
    if (this.#isHeld) return work()
    let done: T | undefined
    this.#lock.transactionSync(() => {
      this.#isHeld = true
      try {
        done = work()
      } finally {
        this.#isHeld = false
      }
    })
    return done as T
  }

  async close(): Promise<void> {
    await this.#lock.close()
  }
}

const openedGate = (path: string): RootDatabase => {
  const options = { path, noSubdir: true, overlappingSync: false }
  try {
    return open(options)
  } catch (error) {
    // A power loss while it was made has left half a file.
    if (!/MDB_INVALID|MDB_CORRUPTED/.test((error as Error).message)) throw error
    for (const file of [path, `${path}-lock`]) rmSync(file, { force: true })
    return open(options)
  }
}

/** Opens until a transaction can be had: who closes a file last takes its locks along, also from those who are just opening it. */
export const settled = <Root extends RootDatabase<Uint8Array, Uint8Array> | RootDatabase>(
  opening: () => Root,
): Root => {
  for (let tries = 1; ; tries++) {
    const root = opening()
    try {
      root.transactionSync(() => {})
      return root
    } catch (error) {
      void root.close()
      if (tries === triesMax || !/invalid argument/i.test((error as Error).message)) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, triesEveryMs * (1 + (process.pid % 7)))
    }
  }
}
