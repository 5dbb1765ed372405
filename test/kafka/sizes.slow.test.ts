import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../runners/host/index.ts'
import { KafkaLog } from '../../runners/kafka/index.ts'
import { asked, loadNative } from '../../runners/kafka/native.ts'
import { bytes, json, text, topic, topology } from '../../topology/index.ts'
import type { Headers, StoredRecord } from '../../topology/ports/log.ts'
import { sharedKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'

/** What brokers take by default: of a batch, so that a record of one is a little smaller. */
const batchBytesMax = 1_048_588
const aroundBytes = 100
const largeBytes = 20 * 1024 * 1024
const headersMany = 10_000
const requestMs = 15_000

const sizes = topology('sizes', { deadLetters: topic('sizes-dlq', { key: text, value: bytes }) }, draft => {
  const numbers = json<{ number: number }>('Number')
  draft.stream(topic('sizes-in', { key: text, value: numbers })).to(topic('sizes-out', { key: text, value: numbers }))
  draft.stream(topic('sizes-large', { key: text, value: bytes })).to(topic('sizes-copy', { key: text, value: bytes }))
})

const large = async (brokers: string, name: string): Promise<void> => {
  const admin = loadNative().AdminClient.create({ 'bootstrap.servers': brokers })
  const config = { 'max.message.bytes': `${2 * largeBytes}` }
  const wanted = { topic: name, num_partitions: 1, replication_factor: 1, config }
  await asked<void>(done => admin.createTopic(wanted, requestMs, done))
  admin.disconnect()
}

const record = (value: Uint8Array, headers: Headers = []) => ({
  ...{ key: Buffer.from('k'), value, timestamp: 1_700_000_000_000, headers },
})

describe.skipIf(lacks('kafka', 'kafka client'))('records on Kafka', () => {
  test('of any size that brokers take go through, or become dead letters that are larger still; others are refused', async () => {
    const { bootstrap } = await sharedKafka()
    const folder = mkdtempSync(join(tmpdir(), 'franz-kafka-'))
    const log = await KafkaLog.open({ brokers: bootstrap, folder })
    for (const name of ['sizes-large', 'sizes-copy']) await large(bootstrap, name)
    const running = await run(sizes, { log, partitions: 1, instance: 'one' })
    const all = async (topic: string): Promise<readonly StoredRecord[]> => {
      const found: StoredRecord[] = []
      const { next } = await log.ends({ topic, partition: 0 })
      for (let offset = 0; offset < next; ) {
        const fetched = await log.read({ topic, partition: 0 }, offset, 10)
        found.push(...fetched.records)
        offset = fetched.next
      }
      return found
    }
    const send = (topic: string, ...sent: ReturnType<typeof record>[]) =>
      log.append([{ topic, partition: 0, records: sent }])
    try {
      const full = randomBytes(batchBytesMax - aroundBytes)
      const headers: Headers = Array.from({ length: headersMany }, (_, index) => [`h${index}`, Buffer.from('v')])
      await send('sizes-in', record(full))
      await send('sizes-in', record(Buffer.alloc(0)), record(Buffer.from('no number'), headers))
      await expect(send('sizes-in', record(randomBytes(batchBytesMax + 1)))).rejects.toThrow(
        /the broker refuses a record for sizes-in-0: .*has 1048590 bytes.*Raise max\.message\.bytes/s,
      )
      await send('sizes-in', record(Buffer.from('{"number":1}')))
      const huge = randomBytes(largeBytes)
      await send('sizes-large', record(huge))
      await expect.poll(async () => (await all('sizes-out')).length, { timeout: 60_000 }).toBe(1)
      await expect.poll(async () => (await all('sizes-copy')).length, { timeout: 60_000 }).toBe(1)
      expect(huge.equals((await all('sizes-copy'))[0]!.value!)).toBe(true)
      const letters = await all('sizes-dlq')
      expect(letters.map(({ value }) => value?.length)).toEqual([full.length, 0, 9])
      expect(full.equals(letters[0]!.value!)).toBe(true)
      const names = letters[2]!.headers.map(([name]) => name)
      expect(names.slice(0, headersMany)).toEqual(headers.map(([name]) => name))
      expect(names).toContain('__streams.errors.message')
    } finally {
      await running.stop()
      await log.close()
    }
  })
})
