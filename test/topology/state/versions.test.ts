import { expect, test } from 'vitest'
import { Versions } from '../../../topology/state/versions.ts'
import { dice, plainTime, stubStore } from './stub.ts'

const historyMs = 20

const opened = (now?: number) => {
  const store = stubStore()
  const time = plainTime(now)
  const versions = new Versions(store.context(), 'rows', time, historyMs)
  return { store, time, versions }
}

test('a look goes back to the version of a time, deletions included', () => {
  const { versions } = opened()
  expect(versions.put('k', 'ten', 10)).toBe('newest')
  expect(versions.put('k', null, 20)).toBe('newest')
  expect(versions.put('k', 'thirty', 30)).toBe('newest')
  expect(versions.put('k', 'fifteen', 15)).toBe('superseded')
  const seen = [9, 10, 14, 15, 19, 20, 29, 30, 99].map(time => versions.asOf('k', time)?.value)
  expect(seen).toEqual([undefined, 'ten', 'ten', 'fifteen', 'fifteen', undefined, undefined, 'thirty', 'thirty'])
  expect(versions.asOf('k', 17)).toEqual({ value: 'fifteen', timestamp: 15 })
  expect(versions.get('k')).toEqual({ value: 'thirty', timestamp: 30 })
  expect(versions.get('other')).toBeUndefined()
})

test('what comes later than the history is refused, and what lies before it is not seen, unless nothing newer is there', () => {
  const { versions } = opened()
  versions.put('old', 'ten', 10)
  versions.put('k', 'twelve', 12)
  versions.put('k', 'thirteen', 13)
  versions.put('k', 'forty', 40)
  expect(versions.put('k', 'too late', 19)).toBe('expired')
  expect(versions.asOf('k', 20)?.value).toBe('thirteen')
  expect(versions.asOf('k', 19)).toBeUndefined()
  expect(versions.asOf('old', 15)?.value).toBe('ten')
  expect(versions.asOf('old', 9)).toBeUndefined()
})

test('a version of the same time is replaced, and so is a deletion', () => {
  const { versions } = opened()
  versions.put('k', 'a', 10)
  expect(versions.put('k', null, 10)).toBe('newest')
  expect(versions.asOf('k', 10)).toBeUndefined()
  expect(versions.put('k', 'b', 10)).toBe('newest')
  versions.put('k', 'c', 20)
  expect(versions.put('k', 'd', 10)).toBe('superseded')
  expect([versions.asOf('k', 10)?.value, versions.asOf('k', 20)?.value]).toEqual(['d', 'c'])
})

test('in the end a row that never changes is one entry, and a row that was deleted none', () => {
  const { store, time, versions } = opened()
  versions.put('still', 'here', 1)
  for (let at = 1; at < 50; at++) versions.put('busy', `at ${at}`, at)
  versions.put('gone', 'x', 48)
  versions.put('gone', null, 49)
  time.advance(100)
  while (!versions.expire(80, 10)) store.commit()
  store.commit()
  expect(store.base.size).toBe(2)
  expect([versions.get('still')?.value, versions.get('busy')?.value]).toEqual(['here', 'at 49'])
})

test('a row that comes back does not bring back what it was before it was deleted', () => {
  for (const entriesMax of [1, 2, 100]) {
    const { time, versions } = opened()
    versions.put('k', 'first', 10)
    versions.put('k', 'second', 12)
    versions.put('k', null, 14)
    time.advance(34)
    versions.expire(14, entriesMax)
    expect(versions.put('k', 'back', 40)).toBe('newest')
    expect(versions.asOf('k', 39)).toBeUndefined()
  }
})

/** All versions ever kept, and what of them may be seen. */
class Model {
  readonly #rows = new Map<string, Map<number, string | null>>()
  now = -1

  put(key: string, value: string | null, time: number): string {
    if (time < this.now - historyMs) return 'expired'
    this.now = Math.max(this.now, time)
    const row = this.#rows.get(key) ?? new Map()
    this.#rows.set(key, row)
    const newest = Math.max(-1, ...row.keys())
    row.set(time, value)
    return time >= newest ? 'newest' : 'superseded'
  }

  asOf(key: string, time: number): string | undefined {
    const row = this.#rows.get(key) ?? new Map<number, string | null>()
    const newest = Math.max(-1, ...row.keys())
    if (time < this.now - historyMs && newest > time) return undefined
    const at = Math.max(-1, ...[...row.keys()].filter(other => other <= time))
    return row.get(at) ?? undefined
  }
}

test('it says what a list of all versions says, whenever it deletes, commits and is opened again', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const roll = dice(seed)
    const store = stubStore()
    const model = new Model()
    let time = plainTime()
    let versions = new Versions(store.context(), 'rows', time, historyMs)
    for (let step = 0; step < 150; step++) {
      const key = 'abc'[roll(3)]!
      const at = Math.max(0, step - 10 + roll(30) - (roll(10) === 0 ? 30 : 0))
      const value = roll(4) === 0 ? null : `${key}${step}`
      expect(versions.put(key, value, at), `seed ${seed}, step ${step}`).toBe(model.put(key, value, at))
      if (roll(3) === 0) versions.expire(time.now - historyMs, 1 + roll(6))
      if (roll(4) === 0) store.commit()
      if (roll(12) === 0) {
        store.commit()
        time = plainTime(time.now)
        versions = new Versions(store.context(), 'rows', time, historyMs)
      }
      const times = [at, at - 1, time.now - historyMs, time.now - historyMs - 1, roll(150)].filter(of => of >= 0)
      const looks = times.flatMap(of => ['a', 'b', 'c'].map(asked => [asked, of] as const))
      expect(
        looks.map(([asked, of]) => versions.asOf(asked, of)?.value),
        `seed ${seed}, step ${step}, ${looks.join(' ')}`,
      ).toEqual(looks.map(([asked, of]) => model.asOf(asked, of)))
    }
  }
})
