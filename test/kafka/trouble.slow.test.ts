import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../runners/host/index.ts'
import { KafkaLog, parseSettings, transactionTimeoutFor } from '../../runners/kafka/index.ts'
import { text, topic, topology } from '../../topology/index.ts'
import { lacks } from '../parts/parts.ts'
import { World } from './world.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'franz-kafka-'))
/** Two megabytes that do not get smaller by compression. */
const noise = randomBytes(1024 * 1024).toString('hex')

describe.skipIf(lacks('kafka', 'kafka client'))('trouble with Kafka is told with what to do', () => {
  test('brokers that cannot be reached', async () => {
    const opening = KafkaLog.open({ brokers: '127.0.0.1:9', folder: folder() })
    await expect(opening).rejects.toThrow(/no broker at 127\.0\.0\.1:9 .*Are they up, and is the address right\?/)
    await expect(opening).rejects.toMatchObject({ trouble: 'unreachable' })
  })

  test('a record that the broker refuses as too large stops the topology, and nothing is half done', async () => {
    const world = await World.open('large', 1)
    try {
      const grow = topology('large-grow', draft =>
        draft
          .stream(topic('large-lines', { key: text, value: text }))
          .map(() => noise, { as: text })
          .to(topic('large-counts', { key: text, value: text })),
      )
      const running = await run(grow, { log: world.log, instance: 'one' })
      await world.send(['x'], 1)
      await expect(running.ended).rejects.toThrow(
        /the broker refuses a record for large-counts-0: .* \(the largest of this commit has 2097152 bytes\)\. Nothing was committed\. Raise max\.message\.bytes/,
      )
      await expect(running.ended).rejects.toMatchObject({ trouble: 'refused' })
      expect(await world.all('large-counts')).toEqual([])
    } finally {
      await world.close()
    }
  })

  test('a topic that is deleted while it is read', async () => {
    const world = await World.open('deleted', 1, { watchIntervalMs: 500 })
    try {
      const copy = topology('deleted-copy', draft =>
        draft
          .stream(topic('deleted-lines', { key: text, value: text }))
          .to(topic('deleted-counts', { key: text, value: text })),
      )
      const running = await run(copy, { log: world.log, instance: 'one' })
      await world.send(['x'], 1)
      await world.come(1)
      await world.log.admin.delete('deleted-lines')
      await expect(running.ended).rejects.toThrow(
        /the topic "deleted-lines" was deleted while it was read\. Make it again/,
      )
    } finally {
      await world.close()
    }
  })

  test('however long the commit interval, brokers do not give a transaction up before its commit has ended', () => {
    expect([100, 60_000].map(transactionTimeoutFor)).toEqual([15_000, 130_000])
  })

  test('settings of Java clients and lines that are none, without showing what they hold', () => {
    expect(parseSettings('# ours\nsecurity.protocol=SASL_SSL\nsasl.password = a=b', 'f')).toEqual({
      'security.protocol': 'SASL_SSL',
      'sasl.password': 'a=b',
    })
    expect(() => parseSettings('sasl.jaas.config=module password="hush"', 'kafka.properties')).toThrow(
      'kafka.properties, line 1: sasl.jaas.config is a setting of Java clients. Give sasl.username and sasl.password instead.',
    )
    expect(() => parseSettings('hush', 'kafka.properties')).toThrow(
      /^kafka\.properties, line 1: it is not `name=value`\.$/,
    )
  })
})
