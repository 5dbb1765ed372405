import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KafkaLog } from '../../runners/kafka/index.ts'
import { sharedKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'

const topic = 'read-again'
const long = 'read-long'
/** More than waits in the reader for whoever asks. */
const recordsOfLong = 30_000
const looksElsewhere = 300
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

  test('that holds a long partition back gives it whole to whoever begins anew, or asks for much at once', async () => {
    const { bootstrap } = await sharedKafka()
    const log = await KafkaLog.open({ brokers: bootstrap, folder: mkdtempSync(join(tmpdir(), 'franz-kafka-')) })
    try {
      await log.create([{ name: long, partitions: 2, cleanup: 'delete' }])
      const records = Array.from({ length: recordsOfLong }, (_, number) => ({
        ...{ key: null, value: Buffer.from(`${number}`), timestamp: 1, headers: [] },
      }))
      await log.append([
        { topic: long, partition: 0, records },
        { topic: long, partition: 1, records: records.slice(0, looksElsewhere) },
      ])
      for (const recordsMax of [1, 12_000, 1, recordsOfLong]) {
        // Whoever reads another partition brings what comes of this one, too, until it is held back.
        for (let offset = 0; offset < looksElsewhere; offset++) await log.read({ topic: long, partition: 1 }, offset, 1)
        const { records } = await log.read({ topic: long, partition: 0 }, 0, recordsMax)
        expect(records.map(({ value }) => Number(Buffer.from(value!).toString()))).toEqual(
          Array.from({ length: recordsMax }, (_, number) => number),
        )
      }
    } finally {
      await log.close()
    }
  })
})
