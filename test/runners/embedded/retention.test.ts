import { expect, test } from 'vitest'
import { EmbeddedLog } from '../../../runners/embedded/log.ts'
import { embeddedOperations } from '../../../runners/embedded/operations.ts'
import { append, emptyFolder, kept, logOf, openLog, record } from './folder.ts'

const at = { topic: 'topic', partition: 0 }

test('a topic lets go what is older than it keeps, batch by batch, and offsets stay as they are', async () => {
  let nowMs = 10_000
  const log = await logOf({ retentionMs: 5_000 }, { now: () => nowMs })
  append(log, record('a', '1', 1_000), record('b', '2', 6_000))
  append(log, record('c', '3', 8_000))
  append(log, record('d', '4', 9_000))
  expect(await log.clean()).toEqual({ batches: 0, records: 0 })
  nowMs = 11_001
  expect(await log.clean()).toEqual({ batches: 1, records: 0 })
  expect(kept(log)).toEqual(['2 c=3', '3 d=4'])
  expect(await log.ends(at)).toEqual({ first: 2, next: 4 })
})

test('a batch stays as long as its youngest record, and what stands behind it stays too', async () => {
  const log = await logOf({ retentionMs: 5_000 }, { now: () => 10_000 })
  append(log, record('a', '1', 9_000))
  append(log, record('b', '2', 1_000))
  await log.clean()
  expect(kept(log)).toEqual(['0 a=1', '1 b=2'])
})

test('a topic lets go what is beyond its size, the oldest first', async () => {
  const log = await logOf({ retentionBytes: 25_000 })
  for (let number = 0; number < 10; number++) append(log, record(`${number}`, 'x'.repeat(10_000)))
  expect(await log.clean()).toEqual({ batches: 7, records: 0 })
  const { first, next, bytes } = log.topics.figures('topic')[0]!
  expect([first, next]).toEqual([7, 10])
  expect(bytes).toBeGreaterThan(25_000)
  expect(bytes).toBeLessThan(35_000)
})

test('a batch larger than all that a topic keeps stays until enough stands behind it', async () => {
  const log = await logOf({ retentionBytes: 1_000 })
  append(log, record('large', 'x'.repeat(10_000)))
  expect(await log.clean()).toEqual({ batches: 0, records: 0 })
  append(log, record('next', 'x'.repeat(1_000)))
  expect(await log.clean()).toEqual({ batches: 1, records: 0 })
  expect(log.topics.figures('topic')[0]).toMatchObject({ first: 1, next: 2 })
})

test('a reader at an offset that is gone goes on with the first record kept', async () => {
  const log = await logOf({ retentionMs: 1_000 }, { now: () => 10_000 })
  const early = log.reader(at, 1)
  append(log, record('a', '1', 1_000), record('b', '2', 1_000))
  append(log, record('c', '3', 9_500))
  await log.clean()
  expect(early.read(10).records.map(({ offset }) => offset)).toEqual([2])
  expect((await log.read(at, 0, 10)).next).toBe(3)
})

test('where all of a partition is over, its end stays and new records follow it', async () => {
  const folder = emptyFolder()
  const log = await logOf({ retentionMs: 1_000 }, { now: () => 10_000 }, folder)
  append(log, record('a', '1', 1_000))
  await log.clean()
  expect(await log.ends(at)).toEqual({ first: 1, next: 1 })
  expect(await log.read(at, 0, 10)).toMatchObject({ records: [], next: 1, drained: true })
  await log.close()
  const again = openLog(folder)
  append(again, record('b', '2', 9_999))
  expect(kept(again)).toEqual(['1 b=2'])
})

test('what a topology hands from one part to the next goes once it has been read', async () => {
  const log = await logOf({ purpose: 'exchange' })
  append(log, record('a', '1'))
  append(log, record('b', '2'), record('c', '3'))
  append(log, record('d', '4'))
  expect(await log.clean()).toEqual({ batches: 0, records: 0 })
  const member = await log.join('group', 'one', ['topic'], { assigned() {}, revoked() {}, lost() {} })
  await member.commit({ appends: [], changes: [], positions: [{ ...at, offset: 2 }] })
  await log.clean()
  expect(kept(log)).toEqual(['1 b=2', '2 c=3', '3 d=4'])
  await member.close()
})

test('a topic that is deleted is gone with its records and positions, and one of its name begins anew', async () => {
  const folder = emptyFolder()
  const log = await logOf({ partitions: 2 }, {}, folder)
  const other = EmbeddedLog.open(folder)
  await log.create([{ name: 'next', partitions: 1, cleanup: 'delete' }])
  append(log, record('a', '1'))
  log.append([{ to: { topic: 'next', partition: 0 }, records: [record('n', '1')] }])
  const member = await log.join('group', 'one', ['topic'], { assigned() {}, revoked() {}, lost() {} })
  await member.commit({ appends: [], changes: [], positions: [{ ...at, offset: 1 }] })
  await member.close()
  const before = log.topics.get('topic')!.id
  await other.delete('topic')
  await other.close()
  expect(log.topics.get('topic')).toBeUndefined()
  expect(() => append(log, record('b', '2'))).toThrow('there is no partition topic-0')
  await expect(log.delete('topic')).rejects.toThrow('there is no topic "topic"')
  await log.create([{ name: 'topic', partitions: 1, cleanup: 'delete' }])
  expect(log.topics.get('topic')!.id).not.toBe(before)
  expect([kept(log), log.position('group', at)]).toEqual([[], 0])
  expect(log.topics.read({ topic: 'next', partition: 0 }, 0, 9).records).toHaveLength(1)
})

test('a topology that is reset begins anew, with empty stores, and nothing of others is touched', async () => {
  const log = await logOf({})
  await log.create([{ name: 'between', partitions: 1, cleanup: 'delete', purpose: 'exchange' }])
  append(log, record('a', '1'))
  const name = (topology: string) => ({ store: 'sums', partition: 0, changelog: `${topology}-sums-changelog` })
  const ownership = { assigned() {}, revoked() {}, lost() {} }
  for (const group of ['mine', 'mine-too']) {
    const member = await log.join(group, 'one', ['topic'], ownership)
    await member.commit({
      appends: [{ topic: 'between', partition: 0, records: [record('x', 'y')] }],
      changes: [{ ...name(group), entries: [[Buffer.from('k'), Buffer.from('v')]] }],
      positions: [{ ...at, offset: 1 }],
    })
    if (group === 'mine') await member.close()
  }
  const reset = (group: string) =>
    embeddedOperations(log).reset({ groups: [group], exchanges: ['between'], changelogs: [name('mine').changelog] })
  await expect(reset('mine-too')).rejects.toThrow('The topology mine-too already runs')
  await reset('mine')
  expect([log.position('mine', at), log.position('mine-too', at)]).toEqual([0, 1])
  expect([log.store(name('mine')).size, log.store(name('mine-too')).size]).toEqual([0, 1])
  expect(await log.ends({ topic: 'between', partition: 0 })).toEqual({ first: 2, next: 2 })
  expect(kept(log)).toEqual(['0 a=1'])
})
