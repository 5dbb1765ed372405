import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { PendingStore } from '../../runners/kafka/pending-store.ts'
import { Environment } from '../../runners/lmdb/environment.ts'
import { LmdbStores } from '../../runners/lmdb/store.ts'
import { chance } from '../conformance-avro/random.ts'

const environment = Environment.open(mkdtempSync(join(tmpdir(), 'franz-pending-')))
const stores = new LmdbStores(environment)
afterAll(() => environment.close())

const utf8 = (text: string): Uint8Array => Buffer.from(text)

/** A pending store that counts how often it was written. */
const opened = (name: string) => {
  const store = stores.open(name)
  let flushes = 0
  const pending: PendingStore = new PendingStore(store, { logId: 'log', topicId: 'topic', offset: 10 }, () => {
    flushes++
    stores.write([pending.write])
    pending.written()
  })
  return { store, pending, flushes: () => flushes }
}

test('what waits to be written is read as if it were, deletions too', () => {
  const { store, pending, flushes } = opened('read')
  pending.add([[utf8('a'), utf8('1')]])
  pending.add([
    [utf8('a'), utf8('2')],
    [utf8('b'), utf8('3')],
  ])
  pending.add([[utf8('b'), null]])
  expect([pending.get(utf8('a')), pending.get(utf8('b'))]).toEqual([utf8('2'), undefined])
  expect([store.get(utf8('a')), flushes()]).toEqual([undefined, 0])
  expect([...pending.range(undefined, undefined)].map(([key]) => Buffer.from(key).toString())).toEqual(['a'])
  expect([...pending.range(undefined, utf8('a'))]).toEqual([])
  expect(flushes()).toBe(0)
  expect([pending.size, flushes()]).toEqual([1, 1])
})

test('its checkpoint says where the changelog stood by what is written, a mark behind each commit', () => {
  const { store, pending } = opened('checkpoint')
  pending.add([[utf8('a'), utf8('1')]])
  pending.add([
    [utf8('a'), utf8('2')],
    [utf8('b'), utf8('3')],
  ])
  expect(pending.waiting).toBe(2)
  expect(store.checkpoint).toBe(undefined)
  stores.write([pending.write])
  pending.written()
  expect(store.checkpoint).toMatchObject({ logId: 'log', topicId: 'topic', offset: 15 })
  expect(pending.waiting).toBe(0)
})

/** A changelog with offsets, as commits write it: a record for each change, and a mark. */
const changelogOf = () => {
  const written: (readonly [offset: number, key: string, value: string | null])[] = []
  let next = 10
  return {
    commit(changes: readonly (readonly [string, string | null])[]) {
      for (const [key, value] of changes) written.push([next++, key, value])
      next++
    },
    replayed(onto: Iterable<readonly [string, string]>, offset: number): Map<string, string> {
      const found = new Map(onto)
      for (const [at, key, value] of written) {
        if (at < offset) continue
        if (value === null) found.delete(key)
        else found.set(key, value)
      }
      return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
    },
  }
}

const texts = (entries: Iterable<readonly [Uint8Array, Uint8Array]>): [string, string][] =>
  [...entries].map(([key, value]) => [Buffer.from(key).toString(), Buffer.from(value).toString()])

test('written slice by slice, it reads the same at each moment, and a crash at any of them loses nothing', () => {
  const random = chance(7)
  const { store, pending } = opened('slices')
  const changelog = changelogOf()
  const keyOf = (): string => `key-${String(random.below(60)).padStart(2, '0')}`
  for (let round = 0; round < 600; round++) {
    const changed = new Map(
      Array.from({ length: 1 + random.below(8) }, () => [keyOf(), random.below(10) < 3 ? null : `${round}`]),
    )
    changelog.commit([...changed])
    pending.add([...changed].map(([key, value]) => [utf8(key), value === null ? null : utf8(value)]))
    if (random.below(10) === 0) pending.begin()
    const slice = random.below(10) < 6 ? pending.slice(1 + random.below(20)) : undefined
    if (slice) {
      stores.write([slice.write])
      // A disk that refused would have it written again.
      if (random.below(10) > 0) pending.wrote(slice)
    }
    const expected = changelog.replayed([], 0)
    expect(new Map(texts(pending.range(undefined, undefined)))).toEqual(expected)
    const [from, to] = [keyOf(), keyOf()]
    const between = [...expected].filter(([key]) => from <= key && key < to)
    expect(texts(pending.range(utf8(from), utf8(to), true))).toEqual(between.reverse())
    const key = keyOf()
    expect(pending.get(utf8(key))?.toString()).toBe(expected.get(key) && utf8(expected.get(key)!).toString())
    const stored = texts(store.range(undefined, undefined))
    expect(changelog.replayed(stored, store.checkpoint?.offset ?? 10)).toEqual(expected)
  }
  expect(store.checkpoint!.offset).toBeGreaterThan(1_000)
})

test('a range that passes many deleted entries on disk has them deleted there, so that the next one does not', () => {
  const { pending, flushes } = opened('crowded')
  const keys = Array.from({ length: 2_000 }, (_, number) => utf8(`key-${number}`))
  pending.add(keys.map(key => [key, utf8('1')]))
  expect([pending.size, flushes()]).toEqual([2_000, 1])
  pending.add(keys.map(key => [key, null]))
  expect([...pending.range(undefined, undefined)]).toEqual([])
  expect(flushes()).toBe(1)
  expect([...pending.range(undefined, undefined)]).toEqual([])
  expect(flushes()).toBe(2)
  expect([...pending.range(undefined, undefined)]).toEqual([])
  expect(flushes()).toBe(2)
})
