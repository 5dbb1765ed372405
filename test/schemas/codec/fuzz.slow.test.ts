import { getHeapStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { parseSchema } from '../../../schemas/avro/parse.ts'
import type { Schema } from '../../../schemas/avro/schema.ts'
import { avro } from '../../../schemas/codec/avro.ts'
import { CodecError } from '../../../schemas/codec/error.ts'
import { defaultLimits } from '../../../schemas/codec/limits.ts'
import { wrongIn } from '../../../schemas/codec/walk.ts'
import type { Codec } from '../../../topology/index.ts'
import { chance } from '../../conformance-avro/random.ts'
import { randomSchemas } from '../../conformance-avro-bytes/random-schemas.ts'
import { ValueMaker } from '../../conformance-avro-bytes/random-values.ts'
import { mutated } from './mutate.ts'
import { aTicket, StubRegistry, ticketSchema } from './ticket.ts'

const figures = { seed: 20_260_301, records: 1_000_000, schemas: 120, samples: 20 } as const
const limits = { msMax: 50, heapBytesMax: 64 * 1024 * 1024, patienceMs: 600_000 } as const
const place = { topic: 'fuzzed', part: 'value' } as const

interface Subject {
  readonly id: number
  readonly schema: Schema
  readonly codec: Required<Codec<unknown>>
  readonly records: readonly Buffer[]
}

const subjects = async (registry: StubRegistry): Promise<readonly Subject[]> => {
  const open = async (schema: string) => (await avro<unknown>(schema).open(place, registry)) as Required<Codec<unknown>>
  const ticket = await open(ticketSchema)
  const first = { id: 1, schema: parseSchema(ticketSchema), codec: ticket }
  const made: Subject[] = [{ ...first, records: [Buffer.from(ticket.encode(aTicket))] }]
  for (const { text, schema, chance } of randomSchemas(figures.seed, figures.schemas)) {
    const [codec, maker] = [await open(text), new ValueMaker(chance)]
    const records = Array.from({ length: figures.samples }, () => Buffer.from(codec.encode(maker.of(schema))))
    made.push({ id: made.length + 1, schema, codec, records })
  }
  return made
}

const heapBytes = (): number => {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

/** Milliseconds of this process at work, without those in which it waited for its turn on the machine. */
const workedMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** What became of a record, and what it took. */
const attempt = (codec: Codec<unknown>, bytes: Buffer) => {
  const [heap, start] = [heapBytes(), workedMs()]
  let error: unknown
  try {
    codec.decode(bytes)
  } catch (caught) {
    error = caught
  }
  return { error, ms: workedMs() - start, bytes: heapBytes() - heap }
}

const saysWhere = /^value of fuzzed(?:, schema \d+)?(?:, field .+)?(?:, byte \d+|, schema \d+): \S.*\. To fix: \S/

test('a million damaged records are read or refused with their place, and none takes long or much', {
  timeout: limits.patienceMs,
}, async () => {
  const registry = new StubRegistry()
  const all = await subjects(registry)
  const source = chance(figures.seed)
  const others = all.flatMap(({ records }) => records)
  const counted = { read: 0, refused: 0 }
  const wrong: string[] = []
  for (let turn = 0; turn < figures.records && wrong.length < 5; turn++) {
    const { id, schema, codec, records } = all[turn % all.length]!
    const bytes = mutated(source.pick(records), source, others)
    const waits = codec.prepare(bytes)
    if (waits) await waits
    let taken = attempt(codec, bytes)
    // Some of the work is the compiler's and the collector's: what is slow must be slow again.
    for (let again = 0; taken.ms > limits.msMax && again < 3; again++) taken = attempt(codec, bytes)
    const { error } = taken
    if (error === undefined) counted.read++
    else counted.refused++
    // What was read must also pass the walk that explains failures, which knows nothing of avsc.
    if (error === undefined && bytes.readUInt32BE(1) === id) {
      const found = wrongIn(schema, bytes, 5, defaultLimits)
      if (found !== undefined)
        wrong.push(`turn ${turn} was read, but ${found.path} at ${found.offset}: ${found.problem}`)
    }
    const isNamed = error === undefined || (error instanceof CodecError && saysWhere.test(error.message))
    if (!isNamed || taken.ms > limits.msMax || taken.bytes > limits.heapBytesMax)
      wrong.push(
        `turn ${turn}: ${taken.ms.toFixed(1)} ms, ${taken.bytes} bytes, ${String(error)}, ${bytes.toString('hex').slice(0, 400)}`,
      )
  }
  expect(wrong).toEqual([])
  expect(counted.read + counted.refused).toBe(figures.records)
  expect(Math.min(counted.read, counted.refused)).toBeGreaterThan(figures.records / 20)
})
