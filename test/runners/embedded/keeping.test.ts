import { expect, test } from 'vitest'
import { run } from '../../../runners/host/index.ts'
import { text, topic, topology } from '../../../topology/index.ts'
import { openLog, record } from './folder.ts'

test('a topic is made as it is declared: compacted, or kept for its time and size', async () => {
  const log = openLog()
  const inbox = topic('inbox', { key: text, value: text, retention: '7d', retentionBytes: 1_000_000 })
  const latest = topic('latest', { key: text, value: text, cleanup: 'compact' })
  const plain = topic('plain', { key: text, value: text })
  const sorting = topology('sorting', draft => {
    const stream = draft.stream(inbox)
    stream.to(latest)
    stream.to(plain)
    stream.group().count('counts')
  })
  const running = await run(sorting, { log, partitions: 1 })
  const settings = (name: string) => log.topics.get(name)
  expect(settings('inbox')).toMatchObject({ cleanup: 'delete', retentionMs: 7 * 86_400_000, retentionBytes: 1_000_000 })
  expect(settings('latest')).toMatchObject({ cleanup: 'compact' })
  expect(settings('plain')).toMatchObject({ cleanup: 'delete' })
  expect(settings('plain')).not.toHaveProperty('retentionMs')
  // The store is in the folder by itself.
  expect(log.topics.all().filter(({ name }) => name.endsWith('changelog'))).toEqual([])
  const records = Array.from({ length: 20 }, (_, number) => record(`key-${number % 3}`, `${number}`, Date.now()))
  log.append([{ to: { topic: 'inbox', partition: 0 }, records }])
  await expect.poll(() => log.position('sorting', { topic: 'inbox', partition: 0 }), { timeout: 20_000 }).toBe(20)
  await running.stop()
  await log.clean({ dirtyBytesMin: 0 })
  const kept = log.topics.read({ topic: 'latest', partition: 0 }, 0, 100).records
  expect(kept.map(({ value }) => Buffer.from(value!).toString())).toEqual(['17', '18', '19'])
  expect(log.topics.read({ topic: 'plain', partition: 0 }, 0, 100).records).toHaveLength(20)
})
