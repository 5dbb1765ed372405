import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** One file of the repository; its path is written with slashes everywhere. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** What `.gitignore` names, so that the rules hold in a folder that no version control knows, too. */
const ignored = readFileSync(join(root, '.gitignore'), 'utf8')
  .split('\n')
  .map(line => line.trim().replace(/\/$/, ''))
  .filter(line => line !== '' && !line.startsWith('#'))

const isIgnored = (name: string): boolean =>
  name === '.git' ||
  ignored.some(pattern => (pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern))

const walk = (folder: string): string[] =>
  readdirSync(folder).flatMap(name => {
    if (isIgnored(name)) return []
    const path = join(folder, name)
    return statSync(path).isDirectory() ? walk(path) : [path]
  })

/** Every file that belongs to the repository; what is no text has an empty one. */
export const repositoryFiles = (): SourceFile[] =>
  walk(root).map(path => {
    const bytes = readFileSync(path)
    const text = bytes.includes(0) ? '' : bytes.toString('utf8')
    return { path: relative(root, path).split(sep).join('/'), text }
  })

export const isCode = ({ path }: SourceFile): boolean => /\.(ts|mts|cts|tsx|js|mjs|cjs|jsx)$/.test(path)
export const isGenerated = ({ path }: SourceFile): boolean => /(^|\/)generated\//.test(path)

/** Rooms by their folders: each has a `tsconfig.json`, whose references are what it may import. */
export const roomsOf = (files: readonly SourceFile[]): Map<string, readonly string[]> =>
  new Map(
    files
      .filter(({ path }) => path.endsWith('/tsconfig.json'))
      .map(({ path, text }) => {
        const { references = [] } = JSON.parse(text) as { references?: { path: string }[] }
        const folder = dirname(path)
        return [folder, references.map(reference => join(folder, reference.path).split(sep).join('/'))]
      }),
  )

/** The room that a path belongs to: that of the nearest folder around it. */
export const roomOf = (path: string, rooms: Iterable<string>): string | undefined => {
  let nearest: string | undefined
  for (const room of rooms) {
    if (path.startsWith(`${room}/`) && room.length > (nearest?.length ?? 0)) nearest = room
  }
  return nearest
}

/** All that breaks a rule, in one message: empty when nothing does. */
export const told = (violations: readonly string[]): string => [...violations].sort().join('\n')
