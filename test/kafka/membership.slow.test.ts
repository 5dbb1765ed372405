import { describe, expect, test } from 'vitest'
import { KafkaLog } from '../../runners/kafka/index.ts'
import { sharedKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'
import { folder, type Joined, joined, settle } from './joined.ts'
import { dense, World } from './world.ts'

describe.skipIf(lacks('kafka', 'kafka client'))('members of a topology on Kafka', () => {
  for (const groupProtocol of ['consumer', 'classic'] as const) {
    test(`own equal partitions of all topics, by the ${groupProtocol} protocol`, async () => {
      const { bootstrap } = await sharedKafka()
      const log = await KafkaLog.open({ brokers: bootstrap, folder: folder(), groupProtocol })
      const topics = ['left', 'right', 'middle'].map(side => `${groupProtocol}-${side}`)
      await log.create(topics.map(name => ({ name, partitions: 6, cleanup: 'delete' })))
      const members: Joined[] = []
      for (const instance of ['a', 'b', 'c']) members.push(await joined(log, groupProtocol, instance, topics))
      await settle(members, () => members.every(({ owned }) => owned.size === 6))
      for (const { owned } of members) {
        const numbers = (topic: string) =>
          [...owned].flatMap(name => (name.startsWith(`${topic}/`) ? name.split('/')[1] : [])).sort()
        expect(numbers(topics[0]!)).toHaveLength(2)
        for (const topic of topics) expect(numbers(topic)).toEqual(numbers(topics[0]!))
      }
      for (const { member } of members) await member.close()
      await log.close()
    })
  }

  test('share the work, and one that is stopped hands over what it did', async () => {
    const world = await World.open('shared')
    try {
      const [one, two] = [world.start('one'), world.start('two')]
      await one.hears(({ what }) => what === 'running')
      await two.hears(({ what }) => what === 'running')
      const lines = Array.from({ length: 2_000 }, (_, index) => `word-${index % 50} x`)
      for (let sent = 0; sent < 4; sent++) await world.send(lines)
      await Promise.all([one, two].map(child => child.hears(({ what }) => what === 'committed')))
      await two.stop()
      await world.send(lines)
      const counts = await world.until(2 * world.sent)
      expect(counts.get('x')).toEqual(dense(world.sent))
      for (let word = 0; word < 50; word++) expect(counts.get(`word-${word}`)).toEqual(dense(world.sent / 50))
    } finally {
      await world.close()
    }
  })

  test('have names of their own: a second process of one name on this machine ends and says why', async () => {
    const world = await World.open('twice')
    try {
      const first = world.start('one')
      await first.hears(({ what }) => what === 'running')
      const second = world.start('one')
      expect((await second.hears(({ what }) => what === 'failed')).message).toBe(
        `process ${first.process.pid} runs twice as one already. Stop that one, or give this one another name with --instance.`,
      )
      expect(await second.exited).toBe(1)
    } finally {
      await world.close()
    }
  })

  test('have names of their own: of two machines with one name, one ends and says why, and nothing is counted twice', async () => {
    const world = await World.open('machines')
    try {
      const children = [world.start('one'), world.start('one', { folder: folder() })]
      let sending = true
      const feed = (async () => {
        for (let sent = 0; sending && sent < 400; sent++) await world.send(['a x', 'b x', 'c x', 'd x'])
      })()
      const failed = await Promise.race(children.map(child => child.hears(({ what }) => what === 'failed')))
      sending = false
      await feed
      expect(failed.message).toContain('another process runs as one')
      const counts = await world.until(2 * world.sent)
      expect(counts.get('x')).toEqual(dense(world.sent))
    } finally {
      await world.close()
    }
  })
})
