import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { EmbeddedLog } from '../../runners/embedded/log.ts'
import { run } from '../../runners/host/run.ts'
import { call, json, type Topology, text, topic, topology, whole } from '../../topology/index.ts'
import type { LogRecord } from '../../topology/ports/log.ts'
import { murmur2, partitionOf } from '../../topology/task/partitioner.ts'
import { type Figure, figure } from './figure.ts'

// The embedded engine, durable and exactly once: records of 150 bytes over 50,000 keys in 4 partitions, commits every 100 ms.
// FRANZ_BENCH_RECORDS sets how many; 1,000,000 is what the goals speak of.

const records = Number(process.env.FRANZ_BENCH_RECORDS ?? 300_000)
const keys = 50_000
const reopenKeys = 1_000_000
const partitions = 4
const latencySeconds = 5
const latencyPerSecond = 1_000
/** A producer writes what has come together in this time in one transaction. */
const appendEveryMs = 5

interface Reading {
  readonly sensor: string
  readonly value: number
  readonly text: string
}

const readings = topic('readings', { key: text, value: json<Reading>('Reading') })
const mapped = topic('mapped', { key: text, value: json<Reading>('Reading') })
const counts = topic('counts', { key: text, value: whole })

export const map = topology('bench-map', draft =>
  draft
    .stream(readings)
    .map(reading => ({ ...reading, value: reading.value + 1 }), { as: mapped.value })
    .to(mapped),
)
export const count = topology('bench-count', draft =>
  draft.stream(readings).group().count('counts').changes().to(counts),
)

const filler = 'x'.repeat(90)

const recordOf = (number: number, keyCount: number): LogRecord => {
  const sensor = `sensor-${(number * 7919) % keyCount}`
  const value = JSON.stringify({ sensor, value: number, text: filler })
  return { key: Buffer.from(sensor), value: Buffer.from(value), timestamp: number, headers: [] }
}

const fill = (log: EmbeddedLog, howMany: number, keyCount: number): void => {
  for (let from = 0; from < howMany; from += 20_000) {
    const lists = Array.from({ length: partitions }, (): LogRecord[] => [])
    for (let number = from; number < Math.min(howMany, from + 20_000); number++) {
      const record = recordOf(number, keyCount)
      lists[partitionOf(record.key!, partitions)]!.push(record)
    }
    log.append(lists.map((records, partition) => ({ to: { topic: 'readings', partition }, records })))
  }
}

const taken = (log: EmbeddedLog, group: string): number => {
  let sum = 0
  for (let partition = 0; partition < partitions; partition++)
    sum += log.position(group, { topic: 'readings', partition })
  return sum
}

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const opened = async (folder: string): Promise<EmbeddedLog> => {
  const log = EmbeddedLog.open(folder)
  await log.create(['readings', 'mapped', 'counts'].map(name => ({ name, partitions, cleanup: 'delete' as const })))
  return log
}

/** Runs until all of the input is taken and committed; records per second. */
export const rateOf = (topology: Topology, howMany = records, keyCount = keys): Promise<number> =>
  inFolder(async folder => {
    const log = await opened(folder)
    fill(log, howMany, keyCount)
    let done = () => {}
    const all = new Promise<void>(resolve => {
      done = resolve
    })
    const started = performance.now()
    const observer = { committed: () => taken(log, topology.name) >= howMany && done() }
    const running = await run(topology, { log, observer })
    await Promise.race([all, running.ended])
    const rate = (howMany * 1_000) / (performance.now() - started)
    await running.stop()
    await log.close()
    return rate
  })

/** From the moment at which a record is due to its output being committed and seen, at a steady rate; p50 and p99. */
const latencies = (): Promise<readonly [number, number]> =>
  inFolder(async folder => {
    const log = await opened(folder)
    const sentAt: number[][] = Array.from({ length: partitions }, () => [])
    const seen: number[] = Array.from({ length: partitions }, () => 0)
    const found: number[] = []
    const observer = {
      committed() {
        for (let partition = 0; partition < partitions; partition++) {
          const end = log.topics.end({ topic: 'counts', partition })
          while (seen[partition]! < end) found.push(performance.now() - sentAt[partition]![seen[partition]!++]!)
        }
      },
    }
    const running = await run(count, { log, observer })
    const total = latencySeconds * latencyPerSecond
    const started = performance.now()
    for (let number = 0; number < total; ) {
      const dueMs = performance.now() - started
      const appends = sentAt.map((_, partition) => ({
        to: { topic: 'readings', partition },
        records: [] as LogRecord[],
      }))
      for (; number < Math.min(total, (dueMs * latencyPerSecond) / 1_000); number++) {
        const record = recordOf(number, keys)
        const partition = partitionOf(record.key!, partitions)
        // Its latency begins when it was due, not when there was time for it.
        sentAt[partition]!.push(started + (number * 1_000) / latencyPerSecond)
        appends[partition]!.records.push(record)
      }
      log.append(appends.filter(({ records }) => records.length > 0))
      await pause(appendEveryMs)
    }
    while (found.length < total) await pause(10)
    await running.stop()
    await log.close()
    found.sort((a, b) => a - b)
    return [found[found.length >> 1]!, found[Math.floor(found.length * 0.99)]!] as const
  })

/** From the start of a process's work to its first commit, over a store of a million keys. */
const reopens = (): Promise<number> =>
  inFolder(async folder => {
    const log = await opened(folder)
    fill(log, reopenKeys, reopenKeys)
    const running = await run(count, { log })
    while (taken(log, count.name) < reopenKeys) await pause(20)
    await running.stop()
    fill(log, 4, reopenKeys)
    await log.close()
    const started = performance.now()
    const again = EmbeddedLog.open(folder)
    let done = () => {}
    const first = new Promise<void>(resolve => {
      done = resolve
    })
    const next = await run(count, { log: again, observer: { committed: () => done() } })
    await first
    const tookMs = performance.now() - started
    await next.stop()
    await again.close()
    return tookMs
  })

const asked = topic('asked', { key: text, value: whole })
const answered = topic('answered', { key: text, value: whole })
const waiting = call({ question: whole, answer: whole })
const callsMade = 10_000
const callKeys = 20
const oneByOneSample = 500
/** The same delays in every run, 0 to 5 ms, whatever the key: counted out, half of the keys would only have the longer ones. */
const delayOf = (number: number): number => (murmur2(Buffer.from(`${number}`)) >>> 0) % 6

const answer = async (number: number): Promise<number> => {
  await pause(delayOf(number))
  return number
}

export const enriched = topology('bench-calls', draft =>
  draft
    .stream(asked)
    .enrich('wait', waiting, {
      // No two questions are the same: none is answered from memory.
      ask: number => number,
      merge: (_, number) => number,
      as: whole,
      inFlight: callKeys,
      timeout: '10s',
      retry: { attempts: 1, backoff: '1s' },
      remember: '1h',
    })
    .to(answered),
)

/** How many times as fast as one after another, which a part of them is in the same run. */
export const callsRatio = (): Promise<number> =>
  inFolder(async folder => {
    const oneByOneMs = performance.now()
    for (let number = 0; number < oneByOneSample; number++) await answer(number)
    const eachMs = (performance.now() - oneByOneMs) / oneByOneSample
    const log = await opened(folder)
    await log.create(['asked', 'answered'].map(name => ({ name, partitions, cleanup: 'delete' as const })))
    const lists = Array.from({ length: partitions }, (): LogRecord[] => [])
    for (let number = 0; number < callsMade; number++) {
      const key = Buffer.from(`key-${number % callKeys}`)
      const value = Buffer.alloc(8)
      value.writeBigInt64BE(BigInt(number))
      lists[partitionOf(key, partitions)]!.push({ key, value, timestamp: number, headers: [] })
    }
    log.append(lists.map((records, partition) => ({ to: { topic: 'asked', partition }, records })))
    const ended = () => lists.reduce((sum, _, partition) => sum + log.topics.end({ topic: 'answered', partition }), 0)
    let done = () => {}
    const all = new Promise<void>(resolve => {
      done = resolve
    })
    const startedMs = performance.now()
    const observer = { committed: () => ended() >= callsMade && done() }
    const running = await run(enriched, { log, observer, calls: { wait: answer } })
    await Promise.race([all, running.ended])
    const tookMs = performance.now() - startedMs
    await running.stop()
    await log.close()
    return (eachMs * callsMade) / tookMs
  })

/** Everything that this file measures. */
export const figures = async (): Promise<Figure[]> => {
  const mapRate = await rateOf(map)
  const countRate = await rateOf(count)
  const [p50, p99] = await latencies()
  const ratio = await callsRatio()
  const reopenMs = await reopens()
  return [
    figure(`embedded: map, ${records} records`, mapRate, '/s', { least: 300_000 }),
    figure(`embedded: count by key, ${records} records`, countRate, '/s', { least: 200_000 }),
    figure('embedded: input to committed output at 1,000/s, p50', p50, 'ms'),
    figure('embedded: input to committed output at 1,000/s, p99', p99, 'ms'),
    figure(`embedded: ${callsMade} calls of 0-5 ms, ${callKeys} keys / one after another`, ratio, 'x', { least: 15 }),
    figure('embedded: reopen with 1,000,000 keys to the first commit', reopenMs, 'ms', { most: 1_000 }),
    figure('embedded: memory of the process after all of this', process.memoryUsage().rss / 2 ** 20, 'MiB'),
  ]
}
