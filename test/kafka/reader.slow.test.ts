import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KafkaLog } from '../../runners/kafka/index.ts'
import { sharedKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'

const topic = 'read-again'
const rounds = 8
const recordsAtOnce = 3_000

describe.skipIf(lacks('kafka', 'kafka client'))('a log on Kafka', () => {
  test('that reads one partition again from its beginning loses nothing of what another brings meanwhile', async () => {
    const { bootstrap } = await sharedKafka()
    const log = await KafkaLog.open({ brokers: bootstrap, folder: mkdtempSync(join(tmpdir(), 'franz-kafka-')) })
    try {
      await log.create([{ name: topic, partitions: 2, cleanup: 'delete' }])
      const record = (number: number) => ({
        ...{ key: null, value: Buffer.from(`${number}`), timestamp: 1, headers: [] },
      })
      await log.append([{ topic, partition: 0, records: [record(0), record(1)] }])
      const found: number[] = []
      let offset = 0
      for (let round = 0; round < rounds; round++) {
        const records = Array.from({ length: recordsAtOnce }, (_, index) => record(round * recordsAtOnce + index))
        await log.append([{ topic, partition: 1, records }])
        // What comes of the one is on its way while the other is set back.
        const first = await log.read({ topic, partition: 1 }, offset, 1)
        expect((await log.read({ topic, partition: 0 }, 0, 1)).records).toHaveLength(1)
        const rest = await log.read({ topic, partition: 1 }, first.next, recordsAtOnce - 1)
        found.push(...[...first.records, ...rest.records].map(({ value }) => Number(Buffer.from(value!).toString())))
        offset = rest.next
      }
      expect(found).toEqual(Array.from({ length: rounds * recordsAtOnce }, (_, number) => number))
    } finally {
      await log.close()
    }
  })
})
