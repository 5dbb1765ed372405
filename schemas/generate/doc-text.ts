import type { Field, Schema } from '../avro/schema.ts'

const logicalWords: Readonly<Record<string, string>> = {
  date: 'Days since 1970-01-01.',
  'time-millis': 'Milliseconds since midnight.',
  'time-micros': 'Microseconds since midnight.',
  'timestamp-millis': 'Milliseconds since 1970-01-01 UTC.',
  'timestamp-micros': 'Microseconds since 1970-01-01 UTC.',
  'timestamp-nanos': 'Nanoseconds since 1970-01-01 UTC.',
  'local-timestamp-millis': 'Milliseconds since 1970-01-01 in local time.',
  'local-timestamp-micros': 'Microseconds since 1970-01-01 in local time.',
  'local-timestamp-nanos': 'Nanoseconds since 1970-01-01 in local time.',
  duration: 'Months, days and milliseconds, 4 bytes each, the lowest byte first.',
}

const unitOf = (schema: Schema): readonly string[] => {
  const { logicalType: logical } = schema
  if (logical?.name === 'decimal')
    return [`At most ${logical.precision} digits, ${logical.scale} of them after the point.`]
  if (logical && logicalWords[logical.name]) return [logicalWords[logical.name]!]
  if (schema.type === 'fixed' && logical === undefined) return [`${schema.sizeBytes} bytes.`]
  // An optional value has the unit of what it may be.
  const inner = schema.type === 'union' ? schema.branches.filter(branch => branch.type !== 'null') : []
  return inner.length === 1 ? unitOf(inner[0]!) : []
}

const linesOf = (text: string | undefined): readonly string[] =>
  text === undefined
    ? []
    : text
        .trim()
        .split(/\r?\n/)
        .map(line => line.trimEnd())

/** Avro has no such attribute, but tools agree on it: `true`, or the reason. */
const deprecation = ({ deprecated }: Schema['attributes']): readonly string[] => {
  if (deprecated === undefined || deprecated === false) return []
  return [typeof deprecated === 'string' ? `@deprecated ${deprecated}` : '@deprecated']
}

/** A TSDoc comment of these lines, or nothing; a line may not end the comment. */
const comment = (lines: readonly string[], indent: string): string => {
  const safe = lines.map(line => line.replaceAll('*/', '*\\/'))
  if (safe.join('') === '') return ''
  if (safe.length === 1) return `${indent}/** ${safe[0]} */\n`
  return `${indent}/**\n${safe.map(line => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('')}${indent} */\n`
}

const formerly = (aliases: readonly string[]): readonly string[] =>
  aliases.length === 0 ? [] : [`Formerly ${aliases.map(alias => `\`${alias}\``).join(', ')}.`]

export const typeDoc = (schema: Schema): string => {
  const { doc, aliases = [] } = schema as { readonly doc?: string; readonly aliases?: readonly string[] }
  const fallback = schema.type === 'enum' && schema.default !== undefined ? [schema.default] : []
  return comment(
    [
      ...linesOf(doc),
      ...(schema.type === 'record' ? [] : unitOf(schema)),
      ...fallback.map(symbol => `A symbol that is not known is read as \`${symbol}\`.`),
      ...formerly(aliases),
      ...deprecation(schema.attributes),
    ],
    '',
  )
}

export const fieldDoc = ({ doc, type, aliases, default: fallback, attributes }: Field): string =>
  comment(
    [
      ...linesOf(doc),
      ...unitOf(type),
      ...formerly(aliases),
      ...(fallback === undefined ? [] : [`@default ${fallback.text.replace(/\s+/g, ' ')}`]),
      ...deprecation(attributes),
    ],
    '  ',
  )
