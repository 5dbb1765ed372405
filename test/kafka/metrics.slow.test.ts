import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { hostRoutes, run, serve } from '../../runners/host/index.ts'
import { KafkaLog } from '../../runners/kafka/index.ts'
import { call, text, topic, topology } from '../../topology/index.ts'
import { sharedKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'
import { samplesOf } from '../runners/host/samples.ts'

const patience = { timeout: 120_000, interval: 50 }
const shout = call({ question: text, answer: text })
const partitions = 2

describe.skipIf(lacks('kafka', 'kafka client'))('the figures of a topology on Kafka', () => {
  test('tell lag, commits, restored stores, rebalances and the queue of a call', async () => {
    const { bootstrap } = await sharedKafka()
    const name = `figures-${randomUUID().slice(0, 8)}`
    const words = topic(`${name}-words`, { key: text, value: text, partitions })
    const loud = topic(`${name}-loud`, { key: text, value: text, partitions })
    const figures = topology(name, draft => {
      const stream = draft.stream(words)
      stream.group().count('seen')
      stream
        .enrich('shout', shout, {
          ask: word => word,
          merge: (_word, answer) => answer,
          as: text,
          inFlight: 8,
          timeout: '10m',
          retry: { attempts: 1, backoff: '1s' },
          remember: '1d',
        })
        .to(loud)
    })
    let answer: (word: string) => void = () => {}
    const answered = new Promise<string>(resolve => (answer = resolve))
    const start = async (instance: string) => {
      const log = await KafkaLog.open({ brokers: bootstrap, folder: mkdtempSync(join(tmpdir(), 'franz-kafka-')) })
      const running = await run(figures, { log, instance, partitions, calls: { shout: () => answered } })
      const served = await serve({ port: 0, routes: hostRoutes([running]) })
      onTestFinished(async () => {
        await served.close()
        await running.stop()
        await log.close()
      })
      /** A figure of this topology, summed over what its other labels say. */
      return async (figure: string, ...labels: readonly string[]): Promise<number> => {
        const samples = samplesOf(await (await fetch(`${served.url}/metrics`)).text())
        const own = [`${figure}{`, name, ...labels]
        return [...samples].reduce(
          (sum, [text, value]) => (own.every(part => text.includes(part)) ? sum + value : sum),
          0,
        )
      }
    }

    const one = await start('one')
    const log = await KafkaLog.open({ brokers: bootstrap, folder: mkdtempSync(join(tmpdir(), 'franz-kafka-')) })
    onTestFinished(() => log.close())
    const writer = await log.join(`${name}-writer`, 'writer', [], { assigned() {}, revoked() {}, lost() {} })
    const record = { key: Buffer.from('a'), value: Buffer.from('word'), timestamp: Date.now(), headers: [] }
    const appends = [0, 1].map(partition => ({ topic: words.name, partition, records: [record, record, record] }))
    expect(await writer.commit({ appends, changes: [], positions: [] })).toBe('committed')
    await writer.close()

    await vi.waitFor(async () => expect(await one('franz_calls_waiting', 'call="shout"')).toBe(6), patience)
    expect(await one('franz_records_in_total')).toBe(6)
    expect(await one('franz_partitions_owned')).toBe(partitions)
    expect(await one('franz_rebalances_total', 'change="assigned"')).toBeGreaterThan(0)
    expect(await one('franz_rebalances_total', 'change="revoked"')).toBe(0)
    expect(await one('franz_commit_seconds_count')).toBeGreaterThan(0)
    await vi.waitFor(async () => expect(await one('franz_lag_records')).toBe(0), patience)

    const two = await start('two')
    await vi.waitFor(async () => {
      expect(await two('franz_partitions_owned')).toBe(1)
      expect(await two('franz_stores_opening')).toBe(0)
      expect(await two('franz_calls_waiting')).toBe(3)
    }, patience)
    expect(await one('franz_partitions_owned')).toBe(1)
    expect(await one('franz_rebalances_total', 'change="revoked"')).toBeGreaterThan(0)
    // The stores of the partition that it took over were restored.
    expect(await two('franz_store_open_seconds_count')).toBeGreaterThan(0)
    answer('loud')
    await vi.waitFor(async () => {
      expect((await one('franz_calls_waiting')) + (await two('franz_calls_waiting'))).toBe(0)
    }, patience)
  })
})
