// What stands in a data folder before its LMDB file is opened, and what is done about it. All of it is done at the gate.

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { damaged } from './errors.ts'
import { stateOf } from './file.ts'

export const fileOf = (folder: string): string => join(folder, 'log', 'data.mdb')

/** It is there once the file has its format, so that nothing was ever acknowledged in a folder without it. */
const madeOf = (folder: string): string => join(folder, 'log', 'made')

/** It is there until a file that was too short has been read through, and says how much was missing. */
const shortOf = (folder: string): string => join(folder, 'log', 'short')

export const isMade = (folder: string): boolean => existsSync(madeOf(folder))

/** A file that has no heads, and no note of having been made, is what a power loss has left of making it. */
export const startAnew = (folder: string): void => {
  if (isMade(folder) || stateOf(fileOf(folder))?.fault === undefined) return
  for (const name of ['data.mdb', 'lock.mdb']) rmSync(join(folder, 'log', name), { force: true })
}

export const noteMade = (folder: string): void => {
  for (const [path, flags] of [
    [madeOf(folder), 'w'],
    [join(folder, 'log'), 'r'],
  ] as const) {
    const handle = openSync(path, flags)
    fsyncSync(handle)
    closeSync(handle)
  }
}

export const makeFolder = (folder: string): void => {
  mkdirSync(join(folder, 'log'), { recursive: true })
}

/** Gives a file its full length again, so that reading what is missing fails instead of ending the process. */
export const lengthen = (folder: string): void => {
  const file = fileOf(folder)
  const state = stateOf(file)
  if (state === undefined) return
  if (state.fault !== undefined) throw damaged(folder, state.fault)
  const { bytes, bytesMax } = state
  if (bytes >= bytesMax) return
  writeFileSync(shortOf(folder), `${bytesMax - bytes} of ${bytesMax} bytes`)
  truncateSync(file, bytesMax)
}

/** What was missing of a file that nobody has read through since: it may have been free, else whoever reads it says so. */
export const missingOf = (folder: string): string | undefined => {
  const note = shortOf(folder)
  return existsSync(note) ? readFileSync(note, 'utf8') : undefined
}

export const noteWhole = (folder: string): void => rmSync(shortOf(folder), { force: true })

export const cutOff = (folder: string, missing: string, cause: unknown): Error =>
  damaged(folder, `its file was cut off: ${missing} are missing`, cause)
