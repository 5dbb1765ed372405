import { type AvroOptions, avro } from '../../../schemas/codec/avro.ts'
import type { Codec } from '../../../topology/ports/codec.ts'
import { StubRegistry } from './ticket.ts'

export const value = { topic: 'things', part: 'value' } as const
export const key = { topic: 'things', part: 'key' } as const

export const field = (name: string, type: unknown, rest: object = {}) => ({ name, type, ...rest })
export const record = (fields: readonly object[], rest: object = {}) => ({
  type: 'record',
  name: 'Thing',
  fields,
  ...rest,
})

/** A codec for values, with a registry of its own unless one is given. */
export const open = async (schema: unknown, options: AvroOptions = {}, registry = new StubRegistry()) =>
  (await avro<unknown>(JSON.stringify(schema), options).open(value, registry)) as Required<Codec<unknown>>

/** What is written with one schema, as read with another. */
export const through = async (writer: unknown, reader: unknown, written: unknown, options: AvroOptions = {}) => {
  const registry = new StubRegistry()
  const bytes = (await open(writer, options, registry)).encode(written)
  const codec = await open(reader, options, registry)
  await codec.prepare(bytes)
  return codec.decode(bytes)
}

/** The framed bytes of a datum given as hex. */
export const framed = (hex: string, id = 1): Buffer =>
  Buffer.concat([Buffer.from([0, id >>> 24, id >>> 16, id >>> 8, id]), Buffer.from(hex.replaceAll(' ', ''), 'hex')])

export const messageOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing was thrown'
}
