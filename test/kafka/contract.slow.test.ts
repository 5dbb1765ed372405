import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { KafkaLog } from '../../runners/kafka/index.ts'
import { logContract } from '../../topology/testing.ts'
import { sharedKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'

describe.skipIf(lacks('kafka', 'kafka client'))('the log on Kafka', () => {
  for (const { name, run } of logContract({
    open: async () => {
      const { bootstrap } = await sharedKafka()
      return await KafkaLog.open({ brokers: bootstrap, folder: mkdtempSync(join(tmpdir(), 'franz-kafka-')) })
    },
    members: 'several',
    kafkaLimits: true,
    close: log => (log as KafkaLog).close(),
  })) {
    test(name, run)
  }
})
