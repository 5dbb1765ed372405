import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { avro } from '../../../schemas/codec/avro.ts'
import { localRegistry } from '../../../schemas/registry/local.ts'
import { calm, steady } from './opened.ts'
import { type Served, served } from './served.ts'

let its: Served
beforeEach(async () => {
  its = await served()
})
afterEach(() => its.stop())

interface Ticket {
  readonly id: string
  readonly priority?: number
}
const place = { topic: 'tickets', part: 'value' } as const
const fields = [{ name: 'id', type: 'string' }]
const before = avro<Ticket>({ type: 'record', name: 'Ticket', fields })
const today = avro<Ticket>({
  type: 'record',
  name: 'Ticket',
  fields: [...fields, { name: 'priority', type: 'int', default: 3 }],
})

test('what the codec writes with an id of this registry the usual client reads, and the other way round', async () => {
  const codec = await before.open(place, await localRegistry(its.registry, { register: true }))
  const client = new SchemaRegistry({ host: its.url })
  expect({ ...(await client.decode(Buffer.from(codec.encode({ id: 'a' })))) }).toEqual({ id: 'a' })
  const theirs = await client.encode(await client.getLatestSchemaId('tickets-value'), { id: 'b' })
  const reading = await before.open(place, steady(its.url))
  await reading.prepare?.(theirs)
  expect(reading.decode(theirs)).toEqual({ id: 'b' })
})

test('old records are read through the schema of today, also while the registry is away; what is new waits', async () => {
  const old = await before.open(place, steady(its.url, { register: true }))
  const bytes = old.encode({ id: 'a' })
  const codec = await today.open(place, calm(its.url, { register: true }))
  await codec.prepare?.(bytes)
  await its.restart()
  expect(codec.decode(bytes)).toEqual({ id: 'a', priority: 3 })
  const unknown = Uint8Array.from(bytes)
  unknown[4] = 77
  await expect(codec.prepare?.(unknown)).rejects.toThrow(/cannot be reached: connect ECONNREFUSED/)
})

test('production refuses to begin with a schema that nobody registered, and names the command', async () => {
  await expect(before.open(place, steady(its.url))).rejects.toThrow('franz schemas register --registry')
  expect((await its.ask('GET', '/subjects')).json).toEqual([])
})
