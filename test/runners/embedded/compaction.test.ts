import { expect, test } from 'vitest'
import { append, emptyFolder, kept, logOf, openLog, record } from './folder.ts'

const all = { dirtyBytesMin: 0 }
const at = { topic: 'topic', partition: 0 }

test('a compacted topic keeps the last record of each key at its offset', async () => {
  const folder = emptyFolder()
  const log = await logOf({ cleanup: 'compact' }, {}, folder)
  append(log, record('a', '1'), record('b', '1'), record('a', '2'))
  append(log, record('c', '1'))
  append(log, record('a', '3'), record('b', '2'))
  expect(await log.clean(all)).toEqual({ batches: 0, records: 3 })
  expect(kept(log)).toEqual(['3 c=1', '4 a=3', '5 b=2'])
  expect(kept(log, 4)).toEqual(['4 a=3', '5 b=2'])
  append(log, record('c', '2'))
  await log.close()
  const again = openLog(folder)
  expect(await again.clean(all)).toEqual({ batches: 0, records: 1 })
  expect(kept(again)).toEqual(['4 a=3', '5 b=2', '6 c=2'])
  expect(await again.ends(at)).toMatchObject({ next: 7 })
})

test('a deletion stays readable for its time after compaction has met it, then it goes', async () => {
  let nowMs = 1_000_000
  const log = await logOf({ cleanup: 'compact', tombstonesMs: 60_000 }, { now: () => nowMs })
  append(log, record('a', '1'), record('b', '1'))
  append(log, record('a', null))
  await log.clean(all)
  expect(kept(log)).toEqual(['1 b=1', '2 a=-'])
  nowMs += 59_000
  append(log, record('c', '1'))
  await log.clean(all)
  expect(kept(log)).toEqual(['1 b=1', '2 a=-', '3 c=1'])
  nowMs += 2_000
  append(log, record('c', '2'))
  await log.clean(all)
  expect(kept(log)).toEqual(['1 b=1', '4 c=2'])
})

test('compaction waits until enough has come, and keeps times and headers', async () => {
  const log = await logOf({ cleanup: 'compact' })
  const headed = { ...record('a', 'last', 77), headers: [['kind', Buffer.from('x')] as const, ['kind', null] as const] }
  append(log, record('a', 'x'.repeat(1_000)), headed)
  expect(await log.clean()).toEqual({ batches: 0, records: 0 })
  for (let number = 0; number < 12; number++) append(log, record('b', 'x'.repeat(100_000)))
  expect(await log.clean()).toEqual({ batches: 0, records: 12 })
  expect(kept(log)[0]).toBe('1 a=last')
  expect(log.topics.read(at, 0, 1).records[0]).toMatchObject({ timestamp: 77, headers: headed.headers })
  expect(log.topics.figures('topic')[0]!.bytes).toBeLessThan(120_000)
})

test('a reader in the middle goes on as if nothing had happened', async () => {
  const log = await logOf({ cleanup: 'compact' })
  for (let number = 0; number < 50; number++) append(log, record(`${number % 5}`, `${number}`))
  const reader = log.reader(at, 0)
  expect(reader.read(20).next).toBe(20)
  await log.clean(all)
  expect(reader.read(100).records.map(({ offset }) => offset)).toEqual([45, 46, 47, 48, 49])
  expect(reader.next).toBe(50)
})

test('against a plain map: whatever is appended and whenever it is compacted, the last of each key is there', async () => {
  const log = await logOf({ cleanup: 'compact', tombstonesMs: Number.MAX_SAFE_INTEGER })
  const model = new Map<string, string>()
  let seed = 7
  const roll = (sides: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return Math.floor((seed / 2 ** 32) * sides)
  }
  let offset = 0
  for (let round = 0; round < 60; round++) {
    const records = Array.from({ length: 1 + roll(30) }, () => {
      const key = `key-${roll(40)}`
      const value = roll(6) === 0 ? null : `${offset}`
      model.set(key, `${offset++} ${key}=${value ?? '-'}`)
      return record(key, value)
    })
    append(log, ...records)
    if (roll(4) === 0) await log.clean(all)
    const found = kept(log)
    expect(found.at(-1)?.split(' ')[0]).toBe(`${offset - 1}`)
    const last = new Map(found.map(line => [line.split(/[ =]/)[1]!, line]))
    expect(last).toEqual(model)
    expect(found.length).toBeGreaterThanOrEqual(model.size)
  }
  await log.clean(all)
  expect(kept(log)).toHaveLength(model.size)
})

test('a record without a key has no place in a compacted topic', async () => {
  const log = await logOf({ cleanup: 'compact' })
  expect(() => append(log, record(null, '1'))).toThrow('"topic" keeps the last record of each key')
  expect(kept(log)).toEqual([])
})
