import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { followedBy, rangeOf } from '../../runners/kafka/standby.ts'
import { Environment } from '../../runners/lmdb/environment.ts'
import { LmdbStores } from '../../runners/lmdb/store.ts'
import { lacks } from '../parts/parts.ts'
import { dense, World } from './world.ts'

const lines = Array.from({ length: 4_000 }, (_, index) => `word-${index} x`)

/** What stores of an instance have on disk, while it runs. */
const entriesIn = (folder: string): number => {
  const environment = Environment.open(folder)
  const sizes = new LmdbStores(environment).sizes()
  void environment.close()
  return sizes.reduce((sum, { entries }) => sum + entries, 0)
}

/** Of "restored topic-1: 42 records in 7 ms". */
const restoredBy = (said: readonly { readonly message?: string }[]): number =>
  said.reduce((sum, { message }) => sum + Number(/^restored .*: (\d+) records/.exec(message ?? '')?.[1] ?? 0), 0)

test('an instance follows what it would get if any one other left', () => {
  expect([0, 1, 2].map(member => rangeOf(8, 3, member))).toEqual([
    [0, 1, 2],
    [3, 4, 5],
    [6, 7],
  ])
  expect([0, 1].map(member => followedBy(4, 2, member))).toEqual([
    [2, 3],
    [0, 1],
  ])
  for (let members = 2; members < 6; members++) {
    for (let left = 0; left < members; left++) {
      for (let member = 0; member < members; member++) {
        if (member === left) continue
        const ready = new Set([...rangeOf(12, members, member), ...followedBy(12, members, member)])
        const then = rangeOf(12, members - 1, left < member ? member - 1 : member)
        expect(then.every(partition => ready.has(partition))).toBe(true)
      }
    }
  }
})

describe.skipIf(lacks('kafka', 'kafka client'))('state on Kafka', () => {
  test('survives a kill on disk: the next start reads no more of the changelog than is new', async () => {
    const world = await World.open('kept')
    try {
      const first = world.start('one')
      await world.send(lines)
      await world.until(2 * world.sent)
      // What is committed waits a while to be written together.
      await vi.waitUntil(() => entriesIn(join(world.folder, 'kept-one')) > lines.length, {
        timeout: 60_000,
        interval: 200,
      })
      await first.kill()
      const second = world.start('one')
      await world.send(lines.slice(0, 100))
      const counts = await world.until(2 * world.sent)
      expect(counts.get('x')).toEqual(dense(world.sent))
      expect(restoredBy(second.said)).toBeLessThan(lines.length / 4)
    } finally {
      await world.close()
    }
  })

  test('is rebuilt from the changelogs where the disk is gone', async () => {
    const world = await World.open('rebuilt')
    try {
      const first = world.start('one')
      await world.send(lines)
      await world.until(2 * world.sent)
      await first.stop()
      const second = world.start('two')
      await world.send(lines.slice(0, 100))
      const counts = await world.until(2 * world.sent)
      expect(counts.get('x')).toEqual(dense(world.sent))
      expect(restoredBy(second.said)).toBeGreaterThan(lines.length)
    } finally {
      await world.close()
    }
  })

  test('is followed by a standby, so that a moved task has little left to restore', async () => {
    const world = await World.open('standby')
    try {
      const two = world.start('two')
      await world.send(lines)
      await world.until(2 * world.sent)
      const one = world.start('one', { standby: 1 })
      const copies = () => one.said.filter(({ message }) => message?.startsWith('a copy of standby-words-changelog-'))
      await one.hears(() => copies().length === 2)
      const before = restoredBy(one.said)
      await two.stop()
      await world.send(lines.slice(0, 100))
      const counts = await world.until(2 * world.sent)
      expect(counts.get('x')).toEqual(dense(world.sent))
      expect(restoredBy(one.said) - before).toBeLessThan(lines.length / 4)
    } finally {
      await world.close()
    }
  })

  test('between parts nothing is kept that was read', async () => {
    const world = await World.open('purged')
    try {
      const child = world.start('one', { purgeIntervalMs: 200 })
      await child.hears(({ what }) => what === 'running')
      const firsts = async () => {
        let sum = 0
        for (let partition = 0; partition < 4; partition++)
          sum += (await world.log.ends({ topic: 'purged-by-word-repartition', partition })).first
        return sum
      }
      for (let tries = 0; tries < 60 && (await firsts()) === 0; tries++) {
        await world.send(lines.slice(0, 100))
        await world.come(2 * world.sent)
      }
      expect(await firsts()).toBeGreaterThan(0)
    } finally {
      await world.close()
    }
  })
})
