import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { PendingStore } from '../../runners/kafka/pending-store.ts'
import { Environment } from '../../runners/lmdb/environment.ts'
import { LmdbStores } from '../../runners/lmdb/store.ts'

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
