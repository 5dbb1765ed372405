import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { type CompatibilityMode, checkCompatibility, compatibilityModes, directionsOf } from '../avro/compat.ts'
import { SchemaError } from '../avro/error.ts'
import { type JsonNode, type JsonObject, jsonText, parseJson, plain } from '../avro/json.ts'
import { parseSchema, schemaFromJson } from '../avro/parse.ts'
import type { Schema } from '../avro/schema.ts'
import { changesOf, type DatedChange } from '../review/history.ts'
import { isSafe } from '../review/rules/index.ts'
import { type Command, guarded, misused, oneOf, parsedArguments } from './arguments.ts'
import { CommandFailure, type CommandIo, exitCodes } from './io.ts'
import { type LongLine, linesOf } from './lines.ts'

export const compatHelp = `franz schemas compat --pairs FILE

Answers for each line {"id", "old", "new", "mode"} of a file whether the new schema may follow the old one, with a line
{"id", "compatible", "findings"}, in the same order.

  --pairs FILE     one JSON object per line; - reads what is piped in

"old" and "new" are schemas as JSON; an array as "old" is a list of versions, oldest first, so that a union there stands
inside one more array. "compatible" is the verdict of Apache Avro alone. A line that cannot be read gives {"id", "error"}.
Modes: ${compatibilityModes.join(', ')}
Exit: 0 done, 2 wrong usage, 3 a line or the file could not be read.
`

/** Answers pairs of schemas, line by line. */
export const compatCommand: Command = guarded(async (args, io) => {
  const options = { pairs: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parsedArguments(args, options, compatHelp)
  if (values.help) {
    io.out(compatHelp)
    return exitCodes.done
  }
  if (values.pairs === undefined || positionals.length > 0) throw misused('Name one file with --pairs.', compatHelp)
  let unreadable = 0
  let number = 0
  for await (const line of linesOf(bytesOf(values.pairs, io))) {
    number++
    if (typeof line === 'string' && line.trim() === '') continue
    const answer = answerTo(line, number)
    if (answer.error) unreadable++
    io.out(`${answer.text}\n`)
  }
  return unreadable > 0 ? exitCodes.badInput : exitCodes.done
})

async function* bytesOf(file: string, io: CommandIo): AsyncGenerator<Uint8Array> {
  if (file === '-') {
    yield* io.input ?? []
    return
  }
  try {
    yield* createReadStream(resolve(io.folder ?? '.', file))
  } catch (error) {
    throw new CommandFailure(exitCodes.badInput, `${file} cannot be read: ${(error as Error).message}`)
  }
}

/** A line says something that cannot be answered. */
class LineError extends Error {
  override readonly name = 'LineError'
}

interface Answer {
  readonly text: string
  readonly error?: true
}

/** The line of output for a line of input, the `number`th of its file. */
export const answerTo = (line: string | LongLine, number = 1): Answer => {
  const failed = (id: string, error: string): Answer => ({
    text: `{"id":${id},"error":${JSON.stringify(error)}}`,
    error: true,
  })
  if (typeof line !== 'string')
    return failed(idIn(line.start), `line ${number}: the line is longer than ${line.bytesMax} bytes`)
  let id = idIn(line)
  try {
    const pair = parseJson(line)
    if (pair.kind !== 'object') throw new LineError('a line must be an object {"id", "old", "new", "mode"}')
    id = jsonText(pair.members.get('id')?.value ?? nullNode(pair))
    return { text: verdictLine(id, pair) }
  } catch (error) {
    // Anything else is a mistake of ours, and must not pass for one of the line.
    if (!(error instanceof SchemaError) && !(error instanceof LineError)) throw error
    const { message } = error
    return failed(id, error instanceof LineError ? `line ${number}: ${message}` : inLine(message, number))
  }
}

/** The place in a line of JSON, said as that in the file of such lines. */
const inLine = (message: string, number: number): string => message.replace(/^line 1, /, `line ${number}, `)

const nullNode = ({ position }: JsonNode): JsonNode => ({
  kind: 'null',
  value: null,
  text: 'null',
  position,
  pointer: '',
})

/** The id of a line that is no JSON as a whole, so that its answer can be told from the others. */
const idIn = (line: string): string => /"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?)/.exec(line)?.[1] ?? 'null'

const required = (pair: JsonObject, key: string): JsonNode => {
  const member = pair.members.get(key)?.value
  if (member === undefined) throw new LineError(`the line has no "${key}"`)
  return member
}

const schemaOf = (node: JsonNode): Schema => {
  // A schema in quotes is its name, unless the quotes hold the text of a whole schema.
  const text = node.kind === 'string' ? String(node.value).trimStart() : ''
  if (!/^[[{"]/.test(text)) return schemaFromJson(node, { accept: 'apache' })
  try {
    return parseSchema(text, { accept: 'apache' })
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    throw new LineError(`in the text at ${node.pointer}, ${error.message}`)
  }
}

const verdictLine = (id: string, pair: JsonObject): string => {
  const modeNode = required(pair, 'mode')
  const mode = oneOf(String(plain(modeNode)), compatibilityModes)
  if (mode === undefined)
    throw new LineError(`the mode ${jsonText(modeNode)} is none of ${compatibilityModes.join(', ')}`)
  const oldNode = required(pair, 'old')
  const old = (oldNode.kind === 'array' ? oldNode.items : [oldNode]).map(schemaOf)
  const next = schemaOf(required(pair, 'new'))
  const { compatible } = checkCompatibility({ old, new: next, mode })
  return `{"id":${id},"compatible":${compatible},"findings":${JSON.stringify(findingsOf(old, next, mode))}}`
}

const findingsOf = (old: readonly Schema[], next: Schema, mode: CompatibilityMode) => {
  const versions = old.map((schema, index) => ({ label: `version ${index + 1}`, schema }))
  return changesOf(versions, next, mode, { long: 'bigint' })
    .filter(change => isTold(change, mode))
    .map(change => {
      const end =
        change.new?.value === 'none' && change.old !== undefined && isOnlyOld(change) ? change.old : change.new
      const pointer = ownPointer((end ?? change.old)?.spot.pointer ?? '')
      return { code: change.code, axis: change.axis[0], pointer, message: change.message }
    })
}

const isOnlyOld = ({ code }: DatedChange): boolean => code === 'AV102' || code === 'AV502'

/** What the mode does not ask about, and what breaks nobody, is left out. */
const isTold = (change: DatedChange, mode: CompatibilityMode): boolean => {
  if (isSafe(change.code) || directionsOf(mode).length === 0) return false
  if (change.axis[0] !== 'WIRE' && change.axis[0] !== 'NODE') return true
  if (change.direction === 'none') return change.axis[0] === 'NODE' && change.level !== 'info'
  return change.direction === 'both' || directionsOf(mode).includes(change.direction)
}

/** A pointer into the schema instead of into the line that it stands in. */
const ownPointer = (pointer: string): string => pointer.replace(/^\/(?:new|old\/\d+|old)(?=\/|$)/, '')
