import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LocalRegistry, openLocalRegistry } from '../../../../schemas/registry/local/local-registry.ts'
import { type RegistryServer, serveRegistry } from '../../../../schemas/registry/local/server.ts'

let folder: string
let registry: LocalRegistry
let server: RegistryServer

const start = async () => {
  registry = await openLocalRegistry(folder, { to: 'write' })
  server = await serveRegistry(registry)
}
const stop = async () => {
  await server.close()
  await registry.close()
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'))
  await start()
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

const ticket = {
  type: 'record' as const,
  name: 'Ticket',
  namespace: 'desk',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'priority', type: 'int', default: 3 },
  ],
}

test('the kafkajs client registers, encodes, decodes, and finds its ids again after a restart', async () => {
  const client = new SchemaRegistry({ host: server.url })
  const { id } = await client.register(ticket as never, { subject: 'tickets-value' })
  expect(id).toBe(1)
  const bytes = await client.encode(id, { id: 'a', priority: 1 })
  expect([...bytes.subarray(0, 5)]).toEqual([0, 0, 0, 0, 1])
  await stop()
  await start()
  const fresh = new SchemaRegistry({ host: server.url })
  expect(await fresh.decode(bytes)).toEqual({ id: 'a', priority: 1 })
  expect(await fresh.getLatestSchemaId('tickets-value')).toBe(1)
  expect(await fresh.getRegistryIdBySchema('tickets-value', ticket as never)).toBe(1)
  expect((await fresh.register(ticket as never, { subject: 'tickets-value' })).id).toBe(1)
})
