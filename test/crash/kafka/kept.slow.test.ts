import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KafkaLog } from '../../../runners/kafka/index.ts'
import { Environment } from '../../../runners/lmdb/environment.ts'
import { type Kafka, startKafka } from '../../parts/kafka.ts'
import { lacks } from '../../parts/parts.ts'
import { judge } from '../oracle/check.ts'
import { append, bring, emptyFolder, group, instance, started, transfers } from './kept.ts'
import { Onlooker } from './onlooker.ts'

const kept = fileURLToPath(new URL('kept', import.meta.url)).replace('/dist/', '/')
const more = 200

describe.skipIf(lacks('kafka', 'kafka client'))('what an earlier version left on Kafka', () => {
  let kafka: Kafka
  beforeEach(async () => {
    kafka = await startKafka()
  })
  afterEach(() => kafka.stop())

  /** Where this version goes on from what that one has left, with its disk or from the changelogs alone. */
  const goneOn = async (version: string, withStore: boolean) => {
    const folder = emptyFolder()
    const words: string[] = []
    const brokers = kafka.bootstrap
    await bring(join(kept, version), brokers, folder, withStore)
    const note = (_: string, message: string) => void words.push(message)
    const log = await KafkaLog.open({ brokers, folder, note, purgeIntervalMs: Number.POSITIVE_INFINITY })
    const running = await started(log, note)
    const onlooker = await Onlooker.open(brokers)
    try {
      await onlooker.caughtUp()
      const before = onlooker.input().length
      await append(log, transfers(before, more))
      await expect.poll(() => onlooker.isDone(before + more), { timeout: 120_000, interval: 100 }).toBe(true)
      await running.stop()
      await onlooker.caughtUp()
      const cut = judge(onlooker, new Set(transfers(0, before + more).map(({ id }) => id)))
      return { words: words.join('\n'), before, cut }
    } finally {
      await onlooker.close()
      await log.close()
    }
  }

  for (const version of readdirSync(kept)) {
    test(`is gone on from on the disk that it had: version ${version}`, async () => {
      const { before, cut, words } = await goneOn(version, true)
      expect(before).toBe(300)
      expect(cut).toMatchObject({ breaches: [], left: 0 })
      expect(words).not.toContain('restored')
    })

    test(`is rebuilt from its changelogs and gone on from: version ${version}`, async () => {
      const { cut, words } = await goneOn(version, false)
      expect(cut).toMatchObject({ breaches: [], left: 0 })
      expect(words).toMatch(/restored ledger-balances-changelog-\d: \d+ records/)
    })
  }

  test('is refused where that version was a newer one, and says which to use', async () => {
    const folder = emptyFolder()
    const environment = Environment.open(join(folder, `${group}-${instance}`))
    environment.transaction(() => environment.database('meta').put(Buffer.from('format'), Buffer.from('99')))
    await environment.close()
    const log = await KafkaLog.open({ brokers: kafka.bootstrap, folder })
    await expect(started(log)).rejects.toThrow(/has format 99, and this version of franz reads \d+\. Use a newer franz/)
    await log.close()
  })
})
