import {
  AvroDeserializer,
  AvroSerializer,
  Compatibility,
  SchemaRegistryClient,
  SerdeType,
} from '@confluentinc/schemaregistry'
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Served, served } from '../served.ts'

let its: Served
beforeEach(async () => {
  its = await served()
})
afterEach(() => its.stop())

const record = (name: string, ...fields: object[]) => ({ type: 'record' as const, name, namespace: 'desk', fields })
const ticket = record('Ticket', { name: 'id', type: 'string' }, { name: 'priority', type: 'int', default: 3 })
const wider = record('Ticket', ...ticket.fields, { name: 'note', type: ['null', 'string'], default: null })
const clash = record('Ticket', { name: 'id', type: 'int' })

describe('@kafkajs/confluent-schema-registry', () => {
  const client = () => new SchemaRegistry({ host: its.url })
  const text = (schema: object) => ({ type: SchemaType.AVRO as const, schema: JSON.stringify(schema) })

  test('registers, encodes, decodes, and finds its ids again after a restart', async () => {
    const { id } = await client().register(text(ticket), { subject: 'tickets-value' })
    expect(id).toBe(1)
    const bytes = await client().encode(id, { id: 'a', priority: 1 })
    expect([...bytes.subarray(0, 5)]).toEqual([0, 0, 0, 0, 1])
    await its.restart()
    expect(await client().decode(bytes)).toEqual({ id: 'a', priority: 1 })
    expect(await client().getLatestSchemaId('tickets-value')).toBe(1)
    expect(await client().getRegistryId('tickets-value', 1)).toBe(1)
    expect(await client().getRegistryIdBySchema('tickets-value', text(ticket))).toBe(1)
    expect((await client().register(text(ticket), { subject: 'tickets-value' })).id).toBe(1)
    expect((await client().register(text(wider), { subject: 'tickets-value' })).id).toBe(2)
  })

  test('sets the level of a new subject, and is refused what that level forbids', async () => {
    const options = { subject: 'tickets-value', compatibility: COMPATIBILITY.FULL }
    await client().register(text(ticket), options)
    expect((await its.ask('GET', '/config/tickets-value')).json).toEqual({ compatibilityLevel: 'FULL' })
    await expect(client().register(text(clash), options)).rejects.toMatchObject({ status: 409 })
    await expect(client().register(text(ticket), { subject: 'tickets-value' })).rejects.toThrow('BACKWARD != FULL')
  })

  test('is told of ids, subjects and schemas that are not there', async () => {
    await expect(client().getSchema(77)).rejects.toMatchObject({ status: 404, message: expect.stringContaining('77') })
    await expect(client().getLatestSchemaId('none')).rejects.toMatchObject({ status: 404 })
    await expect(client().getRegistryIdBySchema('none', text(ticket))).rejects.toThrow("'none' not found")
  })

  test('follows references', async () => {
    await client().register(text(record('Money', { name: 'cents', type: 'long' })), { subject: 'money' })
    const order = record('Order', { name: 'total', type: 'desk.Money' })
    const references = [{ name: 'desk.Money', subject: 'money', version: 1 }]
    const { id } = await client().register({ ...text(order), references }, { subject: 'orders' })
    const bytes = await client().encode(id, { total: { cents: 5 } })
    expect(await client().decode(bytes)).toEqual({ total: { cents: 5 } })
  })

  test('comes in with a password and not without', async () => {
    const mine = await served({ auth: { username: 'desk', password: 'secret' } })
    try {
      const inside = new SchemaRegistry({ host: mine.url, auth: { username: 'desk', password: 'secret' } })
      expect((await inside.register(text(ticket), { subject: 's' })).id).toBe(1)
      await expect(new SchemaRegistry({ host: mine.url }).getSchema(1)).rejects.toMatchObject({ unauthorized: true })
    } finally {
      await mine.stop()
    }
  })
})

describe('@confluentinc/schemaregistry', () => {
  const client = () => new SchemaRegistryClient({ baseURLs: [its.url], maxRetries: 0 })
  const text = (schema: object) => ({ schemaType: 'AVRO', schema: JSON.stringify(schema) })

  test('registers, fetches, checks, sets levels and deletes', async () => {
    const mine = client()
    expect(await mine.register('tickets-value', text(ticket))).toBe(1)
    expect(await mine.register('tickets-value', text(wider), true)).toBe(2)
    expect(JSON.parse((await client().getBySubjectAndId('tickets-value', 1)).schema)).toEqual(ticket)
    expect(await client().getId('tickets-value', text(ticket))).toBe(1)
    expect(await client().getVersion('tickets-value', text(wider), true)).toBe(2)
    expect(await mine.getLatestSchemaMetadata('tickets-value')).toMatchObject({ id: 2, version: 2 })
    expect(await mine.getSchemaMetadata('tickets-value', 1)).toMatchObject({
      id: 1,
      version: 1,
      subject: 'tickets-value',
    })
    expect(await mine.getAllVersions('tickets-value')).toEqual([1, 2])
    expect(await mine.getAllSubjects()).toEqual(['tickets-value'])
    expect(await mine.testSubjectCompatibility('tickets-value', text(clash))).toBe(false)
    expect(await mine.testCompatibility('tickets-value', 1, text(wider))).toBe(true)
    expect(await mine.updateCompatibility('tickets-value', Compatibility.NONE)).toBe('NONE')
    expect(await mine.getCompatibility('tickets-value')).toBe('NONE')
    expect(await mine.updateDefaultCompatibility(Compatibility.FULL_TRANSITIVE)).toBe('FULL_TRANSITIVE')
    expect(await mine.getDefaultCompatibility()).toBe('FULL_TRANSITIVE')
    expect(await mine.deleteSubjectVersion('tickets-value', 2)).toBe(2)
    expect(await mine.deleteSubject('tickets-value')).toEqual([1])
    expect(await mine.deleteSubject('tickets-value', true)).toEqual([1, 2])
  })

  test('fails with the codes it knows', async () => {
    await client().register('s', text(ticket))
    await expect(client().register('s', text(clash))).rejects.toMatchObject({ status: 409, errorCode: 409 })
    await expect(client().register('s', text({ type: 'none' }))).rejects.toMatchObject({
      status: 422,
      errorCode: 42201,
    })
    await expect(client().getId('s', text(wider))).rejects.toMatchObject({ status: 404, errorCode: 40403 })
    await expect(client().getId('none', text(wider))).rejects.toMatchObject({ status: 404, errorCode: 40401 })
    await expect(client().getBySubjectAndId('s', 77)).rejects.toMatchObject({ status: 404, errorCode: 40403 })
    await expect(client().getSchemaMetadata('s', 9)).rejects.toMatchObject({ status: 404, errorCode: 40402 })
    await expect(client().getCompatibility('s')).rejects.toMatchObject({ status: 404, errorCode: 40408 })
  })

  test('writes what it and the other client read', async () => {
    const conf = { useLatestVersion: true }
    await client().register('tickets-value', text(ticket))
    const bytes = await new AvroSerializer(client(), SerdeType.VALUE, conf).serialize('tickets', {
      id: 'a',
      priority: 2,
    })
    const read = await new AvroDeserializer(client(), SerdeType.VALUE, {}).deserialize('tickets', bytes)
    expect({ ...read }).toEqual({ id: 'a', priority: 2 })
    expect({ ...(await new SchemaRegistry({ host: its.url }).decode(bytes)) }).toEqual({ id: 'a', priority: 2 })
  })

  test('follows references', async () => {
    await client().register('money', text(record('Money', { name: 'cents', type: 'long' })))
    const order = record('Order', { name: 'total', type: 'desk.Money' })
    const references = [{ name: 'desk.Money', subject: 'money', version: 1 }]
    await client().register('orders-value', { ...text(order), references })
    const conf = { useLatestVersion: true }
    const bytes = await new AvroSerializer(client(), SerdeType.VALUE, conf).serialize('orders', { total: { cents: 5 } })
    const read = await new AvroDeserializer(client(), SerdeType.VALUE, {}).deserialize('orders', bytes)
    expect(JSON.parse(JSON.stringify(read))).toEqual({ total: { cents: 5 } })
  })
})
