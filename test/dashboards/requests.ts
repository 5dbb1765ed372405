// Makes requests out of an OpenAPI description: most of them as it says, the others wrong in one place or another.

type Schema = Readonly<Record<string, unknown>>

/** A number from 0 to 1, the same ones for a seed. */
export type Chance = () => number

export const chanceFrom = (seed: number): Chance => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const pick = <T>(chance: Chance, list: readonly T[]): T => list[Math.floor(chance() * list.length)]!

const oddTexts = [
  '',
  ' ',
  '0',
  '-1',
  '1e309',
  'null',
  'true',
  '\u0000',
  'ä€😀',
  '\ud800',
  "' or 1=1 --",
  '%',
  '\\',
  '../..',
  '__proto__',
  'x'.repeat(5_000),
  '2026-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59+23:59',
  '\r\nx-injected: 1',
]
const oddValues: readonly unknown[] = [null, true, -1, 0, 1.5, 1e21, [], {}, [[]], { a: { b: [] } }, ...oddTexts]

const fitting: Readonly<Record<string, readonly string[]>> = {
  'date-time': ['2026-01-01T00:00:00Z', '2026-06-30T23:59:59.999+02:00', '1999-12-31T00:00:00Z'],
  email: ['ada@example.com'],
  uuid: ['00000000-0000-4000-8000-000000000001'],
}

/** A value that the schema allows, or one that it does not. */
export const valueFor = (schema: Schema, chance: Chance, wrongShare: number): unknown => {
  if (chance() < wrongShare) return pick(chance, oddValues)
  if (Array.isArray(schema.enum)) return pick(chance, schema.enum)
  const type = Array.isArray(schema.type) ? pick(chance, schema.type as string[]) : schema.type
  if (type === 'integer' || type === 'number') {
    const { minimum = 0, maximum = 1_000 } = schema as { minimum?: number; maximum?: number }
    return pick(chance, [minimum, maximum, Math.floor(minimum + chance() * (maximum - minimum))])
  }
  if (type === 'boolean') return chance() < 0.5
  if (type === 'array') {
    const { minItems = 0 } = schema as { minItems?: number }
    const count = minItems + Math.floor(chance() * 3)
    return Array.from({ length: count }, () => valueFor(schema.items as Schema, chance, wrongShare))
  }
  if (type === 'object') return objectFor(schema, chance, wrongShare)
  const options = fitting[String(schema.format)]
  if (options) return pick(chance, options)
  return pick(chance, [
    'a',
    'BACK',
    'HIGH,LOW',
    'two words',
    'tickets-labeled-dlq-0-1',
    'franz-desk',
    'now-1h',
    'Ünïcödé',
  ])
}

const objectFor = (schema: Schema, chance: Chance, wrongShare: number): Record<string, unknown> => {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
  const either = schema.anyOf as readonly { required?: string[] }[] | undefined
  const required = new Set([
    ...((schema.required ?? []) as string[]),
    ...(either ? (pick(chance, either).required ?? []) : []),
  ])
  const made: Record<string, unknown> = {}
  for (const [name, inner] of properties)
    if ((required.has(name) && chance() > wrongShare / 2) || chance() < 0.25)
      made[name] = valueFor(inner, chance, wrongShare)
  if (chance() < wrongShare / 2) made[pick(chance, ['nonsense', '__proto__', 'constructor', 'id'])] = 1
  return made
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: Schema
}

export interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}

export interface MadeRequest {
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: string
}

const asText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))
/** What a header may carry at all. */
const asHeader = (value: unknown): string =>
  asText(value)
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim()
const inAddress = (value: unknown): string => encodeURIComponent(asText(value).replaceAll(/[\ud800-\udfff]/g, ''))

export const requestFor = (path: string, operation: Operation, chance: Chance): MadeRequest => {
  const wrongShare = chance() < 0.5 ? 0 : 0.25
  let filled = path
  const query: string[] = []
  const headers: Record<string, string> = {}
  for (const { name, in: place, required, schema } of operation.parameters ?? []) {
    const value = valueFor(schema, chance, wrongShare)
    if (place === 'path') filled = filled.replace(`{${name}}`, inAddress(value) || 'x')
    else if (!required && chance() < 0.6) continue
    else if (place === 'query') query.push(`${name}=${inAddress(value)}`)
    else headers[name] = asHeader(value)
  }
  if (chance() < wrongShare / 2) query.push('strange=1')
  const address = query.length === 0 ? filled : `${filled}?${query.join('&')}`
  const schema = operation.requestBody?.content['application/json']?.schema
  if (schema === undefined) return { path: address, headers }
  headers['content-type'] = chance() < wrongShare / 3 ? 'text/plain' : 'application/json'
  const text = JSON.stringify(valueFor(schema, chance, wrongShare)) ?? ''
  return { path: address, headers, body: chance() < wrongShare / 3 ? text.slice(0, -1) : text }
}
