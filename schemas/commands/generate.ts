import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import type { SourceText } from '../avro/parse.ts'
import { type GeneratedFile, generate } from '../generate/generate.ts'
import { headLine } from '../generate/module-text.ts'
import { schemaFiles } from '../review/base/folder.ts'
import { type Command, guarded, misused, oneOf, parsedArguments } from './arguments.ts'
import { CommandFailure, type CommandIo, type ExitCode, exitCodes } from './io.ts'

export const generateHelp = `franz schemas generate [--check] [--out DIR] [--door MODULE] [--long bigint|number] [FILE|DIR...]

Writes TypeScript for .avsc files: the types that are read and written, and a format for each record.

  FILE|DIR         .avsc files, and folders that hold them; \`schemas\` unless given
  --out DIR        where the files go; \`schemas/generated\` unless given
  --door MODULE    what they import from; \`franz/schemas\` unless given
  --long           how a long stands in JavaScript: bigint, or a number that is refused beyond 2^53
  --check          writes nothing and names the files that are not up to date

The files may use each other's types. One file is written for each namespace, always with the same bytes.
Exit: 0 done, 1 something is not up to date, 2 wrong usage, 3 not a valid schema.
`

const defaults = { source: 'schemas', out: 'schemas/generated' } as const

/** Writes the types and formats of schema files, or checks that they are up to date. */
export const generateCommand: Command = guarded(async (args, io) => {
  const { values, positionals } = parsedArguments(
    args,
    {
      out: { type: 'string', default: defaults.out },
      door: { type: 'string' },
      long: { type: 'string', default: 'bigint' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    generateHelp,
  )
  const { out, door, check, help } = values
  if (help) {
    io.out(generateHelp)
    return exitCodes.done
  }
  const long = oneOf(values.long, ['bigint', 'number'])
  if (long === undefined) throw misused(`--long is bigint or number, not ${values.long}.`, generateHelp)
  const files = await filesOf(positionals.length === 0 ? [defaults.source] : positionals)
  const shown = (file: string) => relative(resolve(out), resolve(file)).split(sep).join('/')
  const made = generate(files, { door, long, shown })
  return check ? checkAll(made, out, io) : writeAll(made, out, io)
})

/** The .avsc files named, and those in the folders named, each once and in a fixed order. */
const filesOf = async (sources: readonly string[]): Promise<readonly SourceText[]> => {
  const missing = sources.find(source => !existsSync(source))
  if (missing !== undefined) throw new CommandFailure(exitCodes.usage, `There is no file or folder ${missing}.`)
  const found = (await Promise.all(sources.map(source => schemaFiles('', source)))).flat()
  if (found.length > 0) return [...new Map(found.map(source => [resolve(source.file), source])).values()]
  const where = sources.join(', ')
  throw new CommandFailure(exitCodes.usage, `No .avsc file is in ${where}. Name the files or their folder.`)
}

const textAt = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

/** Files that an earlier run made and that no schema asks for any more. */
const leftOver = (made: readonly GeneratedFile[], out: string): readonly string[] => {
  const wanted = new Set(made.map(({ path }) => path))
  const present = existsSync(out) ? readdirSync(out).filter(name => name.endsWith('.ts') && !wanted.has(name)) : []
  return present.filter(name => textAt(join(out, name))?.startsWith(headLine))
}

const checkAll = (made: readonly GeneratedFile[], out: string, io: CommandIo): ExitCode => {
  const stale = made.flatMap(({ path, text }) => {
    const present = textAt(join(out, path))
    if (present === text) return []
    return [`${join(out, path)}: ${present === undefined ? 'is missing' : 'is not what the schemas give'}`]
  })
  stale.push(...leftOver(made, out).map(name => `${join(out, name)}: no schema asks for it any more`))
  if (stale.length === 0) {
    io.out(`${made.length} files in ${out} are up to date.\n`)
    return exitCodes.done
  }
  io.err(`${stale.join('\n')}\nRun the same command without --check and commit what it writes.\n`)
  return exitCodes.failed
}

const writeAll = (made: readonly GeneratedFile[], out: string, io: CommandIo): ExitCode => {
  mkdirSync(out, { recursive: true })
  const changed = made.filter(({ path, text }) => textAt(join(out, path)) !== text)
  for (const { path, text } of changed) writeFileSync(join(out, path), text)
  const gone = leftOver(made, out)
  for (const name of gone) rmSync(join(out, name))
  const lines = [
    ...changed.map(({ path }) => `wrote ${join(out, path)}`),
    ...gone.map(name => `removed ${join(out, name)}`),
    `${made.length} files in ${out}, ${changed.length + gone.length} of them changed.`,
  ]
  io.out(`${lines.join('\n')}\n`)
  return exitCodes.done
}
