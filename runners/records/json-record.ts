import type { Headers } from '../../topology/ports/log.ts'

/** A record as one line of JSON: `{"key","value","timestamp"?,"headers"?}`, whatever its key and value are. */
export interface JsonRecord {
  readonly key: unknown
  readonly value: unknown
  readonly timestamp: number | undefined
  readonly headers: Headers
}

const fields = ['key', 'value', 'timestamp', 'headers']

/** Throws an Error that says what is wrong with the line. */
export const parseRecord = (text: string): JsonRecord => {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new Error(`it is not JSON (${(error as Error).message})`)
  }
  return recordOf(parsed)
}

/** The same of what has been parsed. */
export const recordOf = (parsed: unknown): JsonRecord => {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error('it is not an object with "key" and "value"')
  const unknown = Object.keys(parsed).find(name => !fields.includes(name))
  if (unknown !== undefined) throw new Error(`it has the unknown field "${unknown}"; known are ${fields.join(', ')}`)
  const { key = null, value = null, timestamp, headers = {} } = parsed as Readonly<Record<string, unknown>>
  if (timestamp !== undefined && !(Number.isSafeInteger(timestamp) && (timestamp as number) >= 0))
    throw new Error('"timestamp" is not milliseconds since 1970')
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers))
    throw new Error('"headers" is not an object')
  return {
    key,
    value,
    timestamp: timestamp as number | undefined,
    headers: Object.entries(headers).map(([name, content]) => [name, bytesOf(content)] as const),
  }
}

/** Text as it is, anything else as JSON. */
export const bytesOf = (value: unknown): Uint8Array | null =>
  value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
