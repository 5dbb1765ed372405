import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { needed } from './needed.ts'

// A client that was compiled is kept for the next clone: compiling takes more than a minute.

const built = [
  'build/Release/confluent-kafka-javascript.node',
  'build/deps/librdkafka.so.1',
  'build/deps/librdkafka++.so.1',
]

/** One folder for each thing that another build would be needed for. */
const folder = (): string => {
  const header = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header
  const libc = header.glibcVersionRuntime === undefined ? 'other-libc' : `glibc-${header.glibcVersionRuntime}`
  const name = [needed.version, `abi-${process.versions.modules}`, process.platform, process.arch, libc].join('-')
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'franz', `kafka-client-${name}`)
}

/** Puts a kept build into the installed package. */
export const restoreKept = (installed: string): boolean => {
  if (!existsSync(folder())) return false
  for (const path of built) {
    mkdirSync(dirname(join(installed, path)), { recursive: true })
    copyFileSync(join(folder(), path), join(installed, path))
  }
  return true
}

/** Keeps a build, whole or not at all. */
export const keep = (installed: string): void => {
  mkdirSync(dirname(folder()), { recursive: true })
  const fresh = mkdtempSync(`${folder()}-`)
  for (const path of built) {
    mkdirSync(dirname(join(fresh, path)), { recursive: true })
    copyFileSync(join(installed, path), join(fresh, path))
  }
  rmSync(folder(), { recursive: true, force: true })
  renameSync(fresh, folder())
}

export const forget = (): void => rmSync(folder(), { recursive: true, force: true })
