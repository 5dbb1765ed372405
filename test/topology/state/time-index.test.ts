import { expect, test } from 'vitest'
import type { ReadableStore } from '../../../topology/ports/log.ts'
import { Journal } from '../../../topology/state/journal.ts'
import { Staged, type ValueCodec } from '../../../topology/state/staged.ts'
import { TimeOrder } from '../../../topology/state/time-index.ts'
import { MemoryStore } from '../../../topology/testing.ts'
import { dice } from './stub.ts'

const byte: ValueCodec<number> = { encode: value => new Uint8Array([value]), decode: bytes => bytes[0]! }

/** A store that counts the entries that somebody went over. */
const counting = (store: MemoryStore): ReadableStore & { read: number } => {
  const counted = {
    read: 0,
    get: (key: Uint8Array) => store.get(key),
    *range(from: Uint8Array | undefined, to: Uint8Array | undefined, backwards?: boolean) {
      for (const entry of store.range(from, to, backwards)) {
        counted.read++
        yield entry
      }
    },
    size: 0,
  }
  return counted
}

const committed = (store: MemoryStore, staged: Staged<number>) => {
  store.write(staged.changes(), { logId: 'log', topicId: 'topic', offset: 0, timeMs: 0 })
  staged.committed()
}

test('taking entries one by one does not go again over those already taken, committed or not', () => {
  const store = new MemoryStore()
  const base = counting(store)
  const staged = new Staged(base, byte, new Journal(false))
  const order = new TimeOrder(staged, 'x', () => {})
  const entries = 5_000
  for (let at = 0; at < entries; at++) order.put(at, 'k', 1)
  committed(store, staged)
  for (let at = 0; at < entries; at++) {
    const [first] = order.upTo(at, 1)
    expect(first).toEqual({ timeMs: at, key: 'k', value: 1 })
    order.remove(at, 'k')
  }
  expect(order.upTo(entries)).toEqual([])
  expect(order.earliestMs).toBeUndefined()
  expect(base.read).toBeLessThan(3 * entries)
})

test('what a failing record removed and put is seen as it was', () => {
  const store = new MemoryStore()
  const journal = new Journal(true)
  const staged = new Staged(store, byte, journal)
  const order = new TimeOrder(staged, 'x', work => journal.note(work))
  order.put(5, 'a', 1)
  order.put(9, 'b', 2)
  expect(order.upTo(5, 1).length).toBe(1)
  journal.begin()
  order.remove(5, 'a')
  expect(order.upTo(8)).toEqual([])
  order.put(3, 'c', 3)
  expect(order.first(9)).toEqual(expect.objectContaining({ timeMs: 3, key: 'c' }))
  journal.rollback()
  expect(order.upTo(9).map(({ timeMs, key }) => `${key}@${timeMs}`)).toEqual(['a@5', 'b@9'])
  expect(order.earliestMs).toBe(5)
})

test('it says what a sorted list says, whatever is put, removed, committed and taken back', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const roll = dice(seed)
    const store = new MemoryStore()
    const journal = new Journal(true)
    const staged = new Staged(store, byte, journal)
    const order = new TimeOrder(staged, 'x', work => journal.note(work))
    let kept = new Map<string, number>()
    for (let step = 0; step < 200; step++) {
      const before = new Map(kept)
      journal.begin()
      for (let change = roll(4); change >= 0; change--) {
        const [timeMs, key] = [roll(30), 'abc'[roll(3)]!]
        if (roll(3) === 0) {
          order.remove(timeMs, key)
          kept.delete(`${String(timeMs).padStart(2, '0')}${key}`)
        } else {
          order.put(timeMs, key, step % 256)
          kept.set(`${String(timeMs).padStart(2, '0')}${key}`, step % 256)
        }
      }
      const sorted = [...kept].sort(([one], [other]) => (one < other ? -1 : 1))
      const until = roll(35) - 2
      const seen = order.upTo(until, 1 + roll(5))
      const due = sorted.filter(([name]) => Number(name.slice(0, 2)) <= until)
      expect(seen.map(({ timeMs, key, value }) => [`${String(timeMs).padStart(2, '0')}${key}`, value])).toEqual(
        due.slice(0, seen.length),
      )
      expect(seen.length === 0, `seed ${seed}, step ${step}`).toBe(due.length === 0)
      for (const { timeMs, key } of seen) {
        order.remove(timeMs, key)
        kept.delete(`${String(timeMs).padStart(2, '0')}${key}`)
      }
      if (roll(4) === 0) {
        journal.rollback()
        kept = before
      } else if (roll(5) === 0) {
        journal.begin()
        committed(store, staged)
      }
    }
  }
})
