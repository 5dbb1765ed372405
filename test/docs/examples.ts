import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryFiles, root, type SourceFile } from '../tidy/tree.ts'

/** An example of a comment: its code, and where each of its lines stands. */
export interface Example {
  readonly path: string
  /** The line of its first line of code. */
  readonly line: number
  readonly code: string
}

const doors = ['topology/index.ts', 'topology/testing.ts']

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Files that the doors of the library hand something out of. */
const publicPaths = (): Set<string> =>
  new Set(doors.flatMap(door => [...read(door).matchAll(/from '\.\/([^']+)'/g)].map(([, path]) => `topology/${path}`)))

const stripped = (line: string): string => line.replace(/^\s*\* ?/, '')

const examplesIn = ({ path, text }: SourceFile): Example[] =>
  [...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\//g)].flatMap(({ 1: comment, index }) => {
    const [, ...examples] = comment!.split('@example')
    let at = index + '/**'.length + comment!.indexOf('@example')
    return examples.map(example => {
      at += '@example'.length
      const lines = example.split('\n')
      const empty = lines[0]!.trim() === '' ? 1 : 0
      const line = text.slice(0, at).split('\n').length + empty
      at += example.length
      const code = lines.slice(empty).map((text, number) => (number + empty === 0 ? text.trim() : stripped(text)))
      return { path, line, code: code.join('\n').trimEnd() }
    })
  })

/** Every example of the library's public files: what the doors hand out, and the handles, whose methods stand in parts. */
export const examples = (): Example[] => {
  const paths = publicPaths()
  return repositoryFiles()
    .filter(({ path }) => paths.has(path) || path.startsWith('topology/dsl/'))
    .flatMap(examplesIn)
}

/** Names that the doors and the prelude give to every example, each with the file it comes from. */
export const knownNames = (): Map<string, string> => {
  const known = new Map<string, string>()
  for (const door of doors) {
    for (const [, names] of read(door).matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
      for (const name of names!.split(',')) known.set(name.trim().replace(/^type /, ''), door)
    }
  }
  const prelude = 'test/docs/prelude.ts'
  for (const [, names] of read(prelude).matchAll(
    /^export (?:declare )?(?:const|type|interface|function|class) (\w+)/gm,
  )) {
    known.set(names!, prelude)
  }
  for (const [, names] of read(prelude).matchAll(/^export \{([^}]*)\}/gm)) {
    for (const name of names!.split(',')) known.set(name.trim(), prelude)
  }
  known.delete('')
  return known
}

const words = /[\p{L}_$][\p{L}\p{N}_$]*/gu

/** An example as a module: one line of imports for each file, then its code in a function of its own. */
export const moduleOf = (
  { code }: Example,
  known: ReadonlyMap<string, string>,
): { text: string; linesBefore: number } => {
  const used = new Set(code.match(words) ?? [])
  const files = new Map<string, string[]>()
  for (const [name, file] of known) {
    if (used.has(name)) files.set(file, [...(files.get(file) ?? []), name])
  }
  const imports = [...files].map(
    ([file, names]) => `import { ${names.join(', ')} } from ${JSON.stringify(join(root, file))}`,
  )
  const before = [...imports, 'export const example = async () => {']
  return { text: [...before, code, '}', ''].join('\n'), linesBefore: before.length }
}
