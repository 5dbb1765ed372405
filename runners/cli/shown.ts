import type { JsonValues } from '../../schemas/index.ts'
import type { Headers, Partition, StoredRecord } from '../../topology/ports/log.ts'

/** @example counted(1, 'record') // '1 record' */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** Text where the bytes are text, a number where they are a whole number, else hexadecimal. */
export const shown = (bytes: Uint8Array | null): string | null => {
  if (bytes === null) return null
  const buffer = Buffer.from(bytes)
  const text = buffer.toString('utf8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: text with control characters is shown as bytes
  if (Buffer.from(text).equals(buffer) && !/[\x00-\x08\x0b-\x1f\x7f]/.test(text)) return text
  return buffer.length === 8 ? buffer.readBigInt64BE().toString() : `0x${buffer.toString('hex')}`
}

/** A value as JSON by its schema, where it is Avro and a registry is at hand. */
export const valueText = async (
  topic: string,
  bytes: Uint8Array | null,
  values: JsonValues | undefined,
): Promise<string | null> => (bytes === null ? null : ((await values?.read(topic, bytes)) ?? shown(bytes)))

export const headersShown = (headers: Headers): Readonly<Record<string, string | null>> =>
  Object.fromEntries(headers.map(([name, content]) => [name, shown(content)]))

export const lineOf = ({ partition }: Partition, { key, offset, timestamp }: StoredRecord, value: string | null) =>
  `${partition}:${offset}  ${new Date(timestamp).toISOString()}  ${shown(key) ?? '(no key)'}  ${value ?? '(deleted)'}`

export const jsonOf = ({ partition }: Partition, record: StoredRecord, value: string | null): string =>
  JSON.stringify({
    ...{ partition, offset: record.offset, timestamp: record.timestamp, key: shown(record.key), value },
    headers: headersShown(record.headers),
  })
