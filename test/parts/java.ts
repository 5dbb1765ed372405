import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { jarsOf } from './parts.ts'

/** Compiles one Java file against Kafka where it is older than its source; the class path to run it with. */
export const compiledJava = (source: string): string => {
  const folder = join(dirname(source), 'target')
  const path = `${folder}:${join(jarsOf('kafka'), '*')}`
  const name = source.slice(source.lastIndexOf('/') + 1).replace('.java', '.class')
  const isFresh = existsSync(join(folder, name)) && statSync(join(folder, name)).mtimeMs > statSync(source).mtimeMs
  if (!isFresh) {
    mkdirSync(folder, { recursive: true })
    execFileSync('javac', ['-cp', path, '-d', folder, source])
  }
  return path
}
