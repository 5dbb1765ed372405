import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repositoryFiles, root, type SourceFile } from '../tidy/tree.ts'

/** An example of a comment: its code, and where each of its lines stands. */
export interface Example {
  readonly path: string
  /** The line of its first line of code. */
  readonly line: number
  readonly code: string
}

/** A part of the package with doors of its own, and what its examples take for granted. */
export interface Shelf {
  readonly doors: readonly string[]
  /** Doors of others that its examples come through, too. */
  readonly besides: readonly string[]
  readonly prelude: string
  /** Files whose comments are read though no door names them, by the beginning of their paths. */
  readonly also: string | undefined
}

const libraryDoors = ['topology/index.ts', 'topology/testing.ts']

/** The handles are among the library's, for their methods stand in parts. */
export const shelves: readonly Shelf[] = [
  { doors: libraryDoors, besides: [], prelude: 'test/docs/prelude.ts', also: 'topology/dsl/' },
  { doors: ['schemas/index.ts'], besides: libraryDoors, prelude: 'test/docs/schemas-prelude.ts', also: undefined },
]

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** A name that a door hands out, and the file that it comes from. */
export interface HandedOut {
  readonly door: string
  readonly name: string
  readonly path: string
}

/** Every name of a door; what it hands on whole comes from another one. */
export const handedOut = (door: string): HandedOut[] => {
  const text = read(door)
  const pathOf = (from: string) => join(dirname(door), from)
  const whole = [...text.matchAll(/^export \* from '(\.[^']+)'/gm)].flatMap(([, from]) => handedOut(pathOf(from!)))
  const named = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '(\.[^']+)'/gm)].flatMap(([, names, from]) =>
    names!
      .split(',')
      .map(name =>
        name
          .trim()
          .replace(/^type /, '')
          .replace(/ as .*/, ''),
      )
      .filter(name => name !== '')
      .map(name => ({ door, name, path: pathOf(from!) })),
  )
  return [...named, ...whole]
}

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

/** Every example of what the doors of a shelf hand out. */
export const examples = ({ doors, also }: Shelf): Example[] => {
  const paths = new Set(doors.flatMap(handedOut).map(({ path }) => path))
  return repositoryFiles()
    .filter(({ path }) => paths.has(path) || (also !== undefined && path.startsWith(also)))
    .flatMap(examplesIn)
}

/** Names that the doors and the prelude give to every example, each with the file it comes from. */
export const knownNames = ({ doors, besides, prelude }: Shelf): Map<string, string> => {
  const all = [...besides, ...doors]
  const known = new Map(all.flatMap(door => handedOut(door).map(({ name }) => [name, door] as const)))
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
