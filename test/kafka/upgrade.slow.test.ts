import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { run } from '../../runners/host/index.ts'
import { KafkaLog } from '../../runners/kafka/index.ts'
import { type Consumer, loadNative } from '../../runners/kafka/native.ts'
import { text, topic, topology } from '../../topology/index.ts'
import { sharedKafka, startKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'
import { folder, type Joined, joinedAlone, settle } from './joined.ts'
import { World } from './world.ts'

const quietTurns = 20

/** Two topics of four partitions each, under names that nobody else has. */
const twoTopics = async (): Promise<{ brokers: string; group: string; topics: readonly [string, string] }> => {
  const { bootstrap: brokers } = await sharedKafka()
  const group = `rolling-${randomUUID().slice(0, 8)}`
  const topics = [`${group}-old`, `${group}-new`] as const
  const log = await KafkaLog.open({ brokers, folder: folder() })
  await log.create(topics.map(name => ({ name, partitions: 4, cleanup: 'delete' })))
  await log.close()
  return { brokers, group, topics }
}

describe.skipIf(lacks('kafka', 'kafka client'))('members of a topology on Kafka, one after the other anew', () => {
  test('who has a static name comes back to what it had, and nobody else notices', async () => {
    const { brokers, group, topics } = await twoTopics()
    const start = (instance: string) => joinedAlone({ brokers, staticMembers: true }, group, instance, topics)
    const members: Joined[] = []
    onTestFinished(() => Promise.all(members.map(member => member.close())).then(() => {}))
    for (const instance of ['a', 'b']) members.push(await start(instance))
    await settle(members, () => members.every(({ owned }) => owned.size === 4), quietTurns)
    for (const [at, instance] of ['a', 'b'].entries()) {
      const before = [...members[at]!.owned].sort()
      const other = members[1 - at]!
      const changes = other.changes
      await members[at]!.close()
      members[at] = await start(instance)
      await settle(members, () => members[at]!.owned.size === 4, quietTurns)
      expect([...members[at]!.owned].sort()).toEqual(before)
      expect([members[at]!.changes, other.changes - changes]).toEqual([1, 0])
    }
  })

  test('three restarts, one by one, move each partition no more often than they must', async () => {
    const { brokers, group, topics } = await twoTopics()
    const start = (instance: string) => joinedAlone({ brokers }, group, instance, topics.slice(0, 1))
    const members: Joined[] = []
    onTestFinished(() => Promise.all(members.map(member => member.close())).then(() => {}))
    for (const instance of ['a', 'b', 'c']) members.push(await start(instance))
    const all = () =>
      members.flatMap(({ owned }) => [...owned]).length === 4 && members.every(({ owned }) => owned.size)
    await settle(members, () => Boolean(all()), quietTurns)
    let changes = 0
    for (const [at, instance] of ['a', 'b', 'c'].entries()) {
      const before = members.map(member => member.changes)
      await members[at]!.close()
      members[at] = await start(instance)
      await settle(members, () => Boolean(all()), quietTurns)
      changes += members.reduce((sum, member, of) => sum + member.changes - (of === at ? 0 : before[of]!), 0)
    }
    // Each restart: what the two others get and give back, and what the new one gets.
    expect(changes).toBeLessThanOrEqual(3 * (2 * 3 + 2))
  })

  test('while one is new already and reads a topic more, it alone gets that topic, and the old one keeps its share', async () => {
    const { brokers, group, topics } = await twoTopics()
    const old = await joinedAlone({ brokers }, group, 'a', topics.slice(0, 1))
    const fresh = await joinedAlone({ brokers }, group, 'b', topics)
    const members = [old, fresh]
    onTestFinished(() => Promise.all(members.map(member => member.close())).then(() => {}))
    await settle(members, () => old.owned.size === 2 && fresh.owned.size === 6, quietTurns)
    expect([...old.owned].every(name => name.startsWith(topics[0]))).toBe(true)
    const again = await joinedAlone({ brokers }, group, 'c', topics)
    members.push(again)
    await old.close()
    members.shift()
    await settle(members, () => members.every(({ owned }) => owned.size === 4), quietTurns)
    for (const { owned } of members) {
      const numbers = (topicName: string) =>
        [...owned].flatMap(name => (name.startsWith(`${topicName}/`) ? name.split('/')[1] : [])).sort()
      expect(numbers(topics[1])).toEqual(numbers(topics[0]))
    }
  })

  test('a client that silently brings nothing more is noticed and replaced', async () => {
    const said: string[] = []
    const world = await World.open('wedged', 1, {
      watchIntervalMs: 300,
      note: (_level, message) => void said.push(message),
    })
    onTestFinished(() => world.close())
    const consumers: Consumer[] = []
    const made = (loadNative().KafkaConsumer as unknown as { prototype: Consumer }).prototype
    const { subscribe } = made
    made.subscribe = function (this: Consumer, names) {
      consumers.push(this)
      return subscribe.call(this, names)
    }
    const texts = (name: string) => topic(name, { key: text, value: text })
    const copy = topology('wedged-copy', draft => draft.stream(texts('wedged-lines')).to(texts('wedged-counts')))
    const running = await run(copy, { log: world.log, instance: 'one' })
    try {
      await world.send(['a'], 1)
      await world.come(1)
      consumers[0]!.pause([{ topic: 'wedged-lines', partition: 0 }])
      await world.send(['b'], 1)
      await world.come(2)
      expect(said.join('\n')).toMatch(
        /joining it again \(wedged-lines-0 has records behind 1, and the client brings none\)/,
      )
      expect(consumers.length).toBeGreaterThan(1)
    } finally {
      made.subscribe = subscribe
      await running.stop()
    }
  })

  test('brokers without the group protocol of Kafka 4 are worked with by the classic one', async () => {
    const kafka = await startKafka({ settings: { 'group.coordinator.rebalance.protocols': 'classic' } })
    onTestFinished(() => kafka.stop())
    const said: string[] = []
    const log = await KafkaLog.open({
      ...{ brokers: kafka.bootstrap, folder: folder() },
      note: (_level, message) => void said.push(message),
    })
    onTestFinished(() => log.close())
    const texts = (name: string) => topic(name, { key: text, value: text, partitions: 1 })
    const running = await run(
      topology('classic', draft => draft.stream(texts('classic-in')).to(texts('classic-out'))),
      { log, instance: 'one' },
    )
    const record = { key: null, value: Buffer.from('x'), timestamp: Date.now(), headers: [] }
    await log.append([{ topic: 'classic-in', partition: 0, records: [record] }])
    while ((await log.ends({ topic: 'classic-out', partition: 0 })).next === 0)
      await Promise.race([sleep(50), running.ended])
    await running.stop()
    expect(said.join('\n')).toContain('the classic one is used')
  })
})
