import { describe, expect, test, vi } from 'vitest'
import { parseSchema } from '../../../schemas/avro/parse.ts'
import { schemaText } from '../../../schemas/avro/write.ts'
import { avro } from '../../../schemas/codec/avro.ts'
import { field, framed, key, messageOf, open, record, value } from './codecs.ts'
import { aTicket, StubRegistry, ticketSchema } from './ticket.ts'

const thing = record([field('a', 'int')])

/** A registry whose next answers are as told. */
class Unreliable extends StubRegistry {
  answer: (id: number) => Promise<string | undefined> = id => super.schemaOf(id)

  override schemaOf(id: number): Promise<string | undefined> {
    this.asked.push(id)
    return this.answer(id)
  }
}

describe('schemas by id', () => {
  test('are asked for once, whoever asks and however often', async () => {
    const registry = new StubRegistry()
    registry.schemas.set(7, JSON.stringify(thing))
    const [one, two] = [await open(thing, {}, registry), await open(record([field('a', 'long')]), {}, registry)]
    const bytes = framed('02', 7)
    await Promise.all([one.prepare(bytes), two.prepare(bytes), one.prepare(bytes)])
    expect([one.decode(bytes), two.decode(bytes)]).toEqual([{ a: 1 }, { a: 1n }])
    expect(one.prepare(bytes)).toBe(undefined)
    expect((await open(thing, {}, registry)).prepare(bytes)).toBe(undefined)
    expect(registry.asked).toEqual([7])
  })

  test('our own id is never asked for, and bytes without a frame neither', async () => {
    const registry = new StubRegistry()
    const codec = await open(thing, {}, registry)
    expect(codec.prepare(codec.encode({ a: 1 }))).toBe(undefined)
    expect(codec.prepare(Buffer.from('{}'))).toBe(undefined)
    expect(registry.asked).toEqual([])
  })

  test('that were not fetched are an error of their own', async () => {
    const codec = await open(thing)
    expect(messageOf(() => codec.decode(framed('02', 7)))).toBe(
      'value of things, schema 7: the schema has not been fetched. To fix: call prepare() with the bytes and await it before decode().',
    )
  })

  test('while the registry is away, known ids go on, and the next try asks again', async () => {
    const registry = new Unreliable()
    const codec = await open(thing, {}, registry)
    registry.answer = async () => {
      throw new Error('connect ECONNREFUSED')
    }
    await expect(codec.prepare(framed('02', 7))).rejects.toThrow('connect ECONNREFUSED')
    expect(codec.decode(framed('02', 1))).toEqual({ a: 1 })
    await expect(codec.prepare(framed('02', 7))).rejects.toThrow('connect ECONNREFUSED')
    registry.answer = async () => JSON.stringify(thing)
    await codec.prepare(framed('02', 7))
    expect(codec.decode(framed('04', 7))).toEqual({ a: 2 })
    expect(registry.asked).toEqual([7, 7, 7])
  })

  test('while the registry is slow, known ids go on and one request serves all', async () => {
    const registry = new Unreliable()
    const codec = await open(thing, {}, registry)
    let answer: (text: string) => void = () => {}
    registry.answer = () =>
      new Promise(resolve => {
        answer = resolve
      })
    const both = [codec.prepare(framed('02', 7)), codec.prepare(framed('04', 7))]
    expect(codec.decode(framed('02', 1))).toEqual({ a: 1 })
    answer(JSON.stringify(thing))
    await Promise.all(both)
    expect(codec.decode(framed('04', 7))).toEqual({ a: 2 })
    expect(registry.asked).toEqual([7])
  })

  test('that the registry says it does not know are left to decode, and asked for again only later', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      const registry = new StubRegistry()
      const codec = await open(thing, {}, registry)
      await codec.prepare(framed('02', 7))
      expect(codec.prepare(framed('02', 7))).toBe(undefined)
      expect(() => codec.decode(framed('02', 7))).toThrow(
        'value of things, schema 7: the registry knows no schema of the id 7. To fix: check that the writer and this program use the same registry.',
      )
      registry.schemas.set(7, JSON.stringify(thing))
      vi.advanceTimersByTime(10_001)
      await codec.prepare(framed('02', 7))
      expect(codec.decode(framed('02', 7))).toEqual({ a: 1 })
    } finally {
      vi.useRealTimers()
    }
  })

  test.each(['<html>502 Bad Gateway</html>', '', 'null', 5 as unknown as string])(
    'answered with the nonsense %j are waited for, because nothing may be lost',
    async nonsense => {
      const registry = new Unreliable()
      const codec = await open(thing, {}, registry)
      registry.answer = async () => nonsense
      await expect(codec.prepare(framed('02', 7))).rejects.toThrow(
        "the registry's answer for schema 7 is no schema in JSON",
      )
      registry.answer = async () => JSON.stringify(thing)
      await codec.prepare(framed('02', 7))
      expect(codec.decode(framed('02', 7))).toEqual({ a: 1 })
    },
  )

  test('of a schema that is none are an error that says why', async () => {
    const registry = new StubRegistry()
    registry.schemas.set(7, '{"type": "recrod"}')
    const codec = await open(thing, {}, registry)
    await codec.prepare(framed('02', 7))
    expect(() => codec.decode(framed('02', 7))).toThrow(
      'value of things, schema 7: its schema cannot be used: line 1, column 9 at /type: no type is called',
    )
  })
})

describe('names in the registry', () => {
  const subjectsOf = async (subject: 'TopicName' | 'RecordName' | 'TopicRecordName' | undefined) => {
    const registry = new StubRegistry()
    const idOf = vi.spyOn(registry, 'idOf')
    await avro(ticketSchema, { subject }).open(value, registry)
    return idOf.mock.calls
  }

  test('follow the topic, the record, or both', async () => {
    const text = schemaText(parseSchema(ticketSchema))
    expect(await subjectsOf(undefined)).toEqual([['things-value', text]])
    expect(await subjectsOf('RecordName')).toEqual([['desk.Ticket', text]])
    expect(await subjectsOf('TopicRecordName')).toEqual([['things-desk.Ticket', text]])
  })

  test('need a name where they follow the record', async () => {
    await expect(avro('"string"', { subject: 'RecordName' }).open(value, new StubRegistry())).rejects.toThrow(
      'the value of things is a string without a name, and RecordName needs one. To fix: use TopicName',
    )
  })

  test('a runner without a registry is told', async () => {
    await expect(avro('"string"').open(value, undefined)).rejects.toThrow('the runner has none. To fix: give it one')
  })
})

describe('keys', () => {
  test('are bare Avro and need no registry', async () => {
    const codec = await avro<unknown>(JSON.stringify(thing)).open(key, undefined)
    expect([...codec.encode({ a: 1 })]).toEqual([2])
    expect(codec.decode(Uint8Array.of(2))).toEqual({ a: 1 })
    expect(codec.prepare?.(framed('02', 1))).toBe(undefined)
    expect(() => codec.decode(framed('02', 1))).toThrow(
      'key of things, byte 1: 5 bytes follow after the end of the datum',
    )
  })

  test('that other programs framed are read where that is asked for, beside our own', async () => {
    const registry = new StubRegistry()
    registry.schemas.set(7, '"bytes"')
    const codec = await avro<string>('"string"', { framedKeys: true }).open(key, registry)
    await codec.prepare?.(framed('0261', 7))
    expect(codec.decode(framed('0261', 7))).toBe('a')
    expect(Buffer.from(codec.encode('a')).toString('hex')).toBe('0261')
    for (const text of ['a', '', 'x'.repeat(200)]) expect(codec.decode(codec.encode(text))).toBe(text)
  })

  test('that would be misread are refused when written', async () => {
    const flags = record(['a', 'b', 'c', 'd', 'e'].map(name => field(name, 'int')))
    const codec = await avro<object>(flags, { framedKeys: true }).open(key, new StubRegistry())
    const none = { a: 0, b: 0, c: 0, d: 0, e: 0 }
    expect(codec.decode(codec.encode({ ...none, a: 1 }))).toEqual({ ...none, a: 1 })
    expect(() => codec.encode(none)).toThrow('begins like a framed one')
  })
})

describe('the name of a format', () => {
  test('says which schema it is and stays the same while the schema does', () => {
    const { name } = avro(ticketSchema)
    expect(name).toMatch(/^avro desk\.Ticket [0-9a-f]{8}$/)
    expect(avro(JSON.stringify(JSON.parse(ticketSchema), null, 2)).name).toBe(name)
    expect(avro(JSON.parse(ticketSchema)).name).toBe(name)
    expect(avro(ticketSchema.replace('"default":0', '"default":1')).name).not.toBe(name)
    expect(avro(ticketSchema, { long: 'number' }).name).toBe(name)
    expect(avro(ticketSchema).family).toBe('avro desk.Ticket')
    expect(avro('"string"').name).toMatch(/^avro string [0-9a-f]{8}$/)
  })
})

test('a plain Uint8Array is read as a Buffer is', async () => {
  const codec = await avro<unknown>(ticketSchema).open(value, new StubRegistry())
  const bytes = codec.encode(aTicket)
  const apart = new Uint8Array(bytes.length + 6)
  apart.set(bytes, 3)
  expect(codec.decode(apart.subarray(3, 3 + bytes.length))).toStrictEqual(aTicket)
})
