import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Running, run } from '../../runners/host/index.ts'
import { KafkaLog } from '../../runners/kafka/index.ts'
import type { SinkConnector, SourceConnector } from '../../topology/index.ts'
import { text, topic, topology } from '../../topology/index.ts'
import { sharedKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'

/** A guard against hanging, ten times what is expected on a busy machine. */
const patienceMs = 120_000

const until = async (holds: () => boolean, what: string): Promise<void> => {
  const startedMs = performance.now()
  while (!holds()) {
    if (performance.now() - startedMs > patienceMs) throw new Error(`it never came to that: ${what}`)
    await sleep(20)
  }
}

/** Counts upwards from its cursor, a record in each append, and says when it is open and when not. */
const counting = (open: Set<string>, name: string, end: () => number): SourceConnector<string, string> => ({
  async open(feed) {
    open.add(name)
    const work = (async () => {
      for (let next = Number(feed.cursor ?? 0) + 1; !feed.signal.aborted; next++) {
        while (next > end() && !feed.signal.aborted) await sleep(10)
        if (!feed.signal.aborted) await feed.append([{ key: `k${next % 7}`, value: String(next) }], String(next))
      }
    })()
    return {
      ended: work.then(() => new Promise<never>(() => {})),
      async close() {
        await work.catch(() => {})
        open.delete(name)
      },
    }
  },
})

/** Keeps what it got with its positions, as a database would. */
const keeping = () => {
  const kept = new Map<string, string>()
  const positions = new Map<string, number>()
  let times = 0
  const connector: SinkConnector<string, string> = {
    open: async () => ({
      assigned: async partitions =>
        partitions.flatMap(({ topic, partition }) => {
          const offset = positions.get(`${topic}/${partition}`)
          return offset === undefined ? [] : [{ topic, partition, offset }]
        }),
      async deliver(records) {
        for (const { topic, partition, offset, value } of records) {
          if (kept.has(`${topic}/${partition}@${offset}`)) times++
          kept.set(`${topic}/${partition}@${offset}`, value!)
          positions.set(`${topic}/${partition}`, offset + 1)
        }
        return undefined
      },
      close: async () => {},
    }),
  }
  return { connector, kept, twice: () => times }
}

describe.skipIf(lacks('kafka', 'kafka client'))('connectors on Kafka', () => {
  test('one instance of two runs a source, another goes on at its cursor, and a sink gets each record once', async () => {
    const { bootstrap } = await sharedKafka()
    const id = randomUUID().slice(0, 8)
    const numbers = topic(`numbers-${id}`, { key: text, value: text, partitions: 2 })
    const doubled = topic(`doubled-${id}`, { key: text, value: text, partitions: 2 })
    const desk = topology(`desk-${id}`, draft => {
      draft
        .source('meter', numbers)
        .map(value => String(2 * Number(value)), { as: text })
        .to(doubled)
      draft.sink('book', doubled)
    })
    let end = 300
    const open = new Set<string>()
    const book = keeping()
    const start = async (instance: string): Promise<Running & { close(): Promise<void> }> => {
      const log = await KafkaLog.open({ brokers: bootstrap, folder: mkdtempSync(join(tmpdir(), 'franz-kafka-')) })
      const running = await run(desk, {
        ...{ log, instance, partitions: 2 },
        sources: { meter: counting(open, instance, () => end) },
        sinks: { book: book.connector },
      })
      const close = async () => {
        await running.stop()
        await log.close()
      }
      onTestFinished(() => close().catch(() => {}))
      return { ...running, close }
    }
    const a = await start('a')
    await until(() => book.kept.size === 300, '300 numbers')
    const b = await start('b')
    end = 600
    await until(() => book.kept.size === 600, '600 numbers')
    expect(open.size).toBe(1)
    const owner = open.has('a') ? a : b
    await owner.close()
    end = 900
    await until(() => book.kept.size === 900, '900 numbers')
    const got = [...book.kept.values()].map(Number).sort((one, other) => one - other)
    expect(got).toEqual(Array.from({ length: 900 }, (_, at) => 2 * (at + 1)))
    expect(book.twice()).toBe(0)
  })
})
