import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { json, text, topic, topology, whole } from '../../topology/index.ts'
import { drive } from '../../topology/testing.ts'
import { fromUtf8, utf8 } from '../../topology/text.ts'
import { type Figure, figure, median } from './figure.ts'

// The library's own cost: decode, count by key, encode on a log in memory, beside a hand-written loop that does the
// same with a Map, in turns within one process.

const recordsPerRound = 200_000
const keys = 5_000
const rounds = 7

interface Reading {
  readonly sensor: string
  readonly value: number
}

const readings = topic('readings', { key: text, value: json<Reading>('Reading') })
const counts = topic('counts', { key: text, value: whole })

const byKey = topology('bench-count', draft => draft.stream(readings).group().count('counts').changes().to(counts))

const inputs = Array.from({ length: recordsPerRound }, (_, number) => {
  const sensor = `sensor-${(number * 7919) % keys}`
  return { key: utf8(sensor), value: utf8(JSON.stringify({ sensor, value: number })) }
})

const realTime = { partitions: 1, clock: { now: () => performance.now() }, commitIntervalMs: 100 }

/** The same decoding, counting and encoding, with nothing around it. */
const byHand = (state: Map<string, number>): number => {
  const codec = counts.value.open({ topic: 'counts', part: 'value' }, undefined) as {
    encode(value: number): Uint8Array
  }
  const written: { key: Uint8Array; value: Uint8Array; timestamp: number }[] = []
  const started = performance.now()
  for (const { key, value } of inputs) {
    const sensor = fromUtf8(key)
    JSON.parse(fromUtf8(value))
    const count = (state.get(sensor) ?? 0) + 1
    state.set(sensor, count)
    written.push({ key: utf8(sensor), value: codec.encode(count), timestamp: 0 })
  }
  return recordsPerRound / (performance.now() - started)
}

const driven = async (world: Awaited<ReturnType<typeof drive>>): Promise<number> => {
  world.log.append(
    { topic: 'readings', partition: 0 },
    inputs.map(({ key, value }) => ({ key, value, timestamp: 0, headers: [] })),
  )
  const started = performance.now()
  await world.settle()
  const rate = recordsPerRound / (performance.now() - started)
  for (const topic of world.log.topics.names()) world.log.topics.trim({ topic, partition: 0 }, Number.POSITIVE_INFINITY)
  return rate
}

const mapped = (maps: number) =>
  topology(`bench-map-${maps}`, draft => {
    let stream = draft.stream(readings)
    for (let map = 0; map < maps; map++) stream = stream.map(reading => reading, { as: readings.value })
    stream.filter(() => false).to(readings)
  })

const perRecordNs = async (maps: number): Promise<number> => {
  const world = await drive(mapped(maps), realTime)
  const times: number[] = []
  for (let round = 0; round < 5; round++) times.push(1e6 / (await driven(world)))
  return median(times)
}

/** Heap and the memory that arrays share beside it, after a full collection, in MiB. */
const heapMiB = (): number => {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 2 ** 20
}

/** What five million records leave behind, against what the first million did: medians, for each look is off by some MiB. */
const growthMiB = async (): Promise<number> => {
  const world = await drive(byKey, realTime)
  const looks: number[] = []
  for (let records = 500_000; records <= 5_000_000; records += 250_000) {
    for (let sent = 0; sent < (looks.length === 0 ? 500_000 : 250_000); sent += recordsPerRound) await driven(world)
    looks.push(heapMiB())
  }
  return median(looks.slice(-5)) - median(looks.slice(0, 5))
}

/** Everything that this file measures. */
export const figures = async (): Promise<Figure[]> => {
  const hand = new Map<string, number>()
  const world = await drive(byKey, realTime)
  const ratios: number[] = []
  const rates: number[] = []
  for (let round = 0; round < rounds; round++) {
    const bare = byHand(hand)
    const rate = await driven(world)
    rates.push(rate)
    ratios.push(rate / bare)
  }
  const one = await perRecordNs(1)
  const eleven = await perRecordNs(11)
  return [
    figure('count by key in drive(), records', median(rates) * 1000, '/s'),
    figure('count by key in drive() / hand-written loop', median(ratios), 'x', { least: 0.6 }),
    figure('each further map', (eleven - one) / 10, 'ns', { most: 100 }),
    figure('memory after 5,000,000 records, beyond that after 1,000,000', await growthMiB(), 'MiB', { most: 2 }),
  ]
}
