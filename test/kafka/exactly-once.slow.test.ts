import { describe, expect, test } from 'vitest'
import { lacks } from '../parts/parts.ts'
import { dense, World } from './world.ts'

const words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon']
const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `${words[index % 5]} x`)

describe.skipIf(lacks('kafka', 'kafka client'))('the word count on Kafka', () => {
  test('counts every word once, though its process is killed and started again three times', async () => {
    const world = await World.open('killed')
    try {
      let child = world.start('one')
      for (let round = 1; round <= 3; round++) {
        await world.send(lines(4_000))
        const before = child.said.length
        await child.hears(({ what }) => what === 'committed' && child.said.length > before)
        await child.kill()
        // Else the kill came too late to prove anything.
        expect((await world.outputs()) < 2 * world.sent).toBe(true)
        await world.send(lines(1_000))
        child = world.start('one')
      }
      const counts = await world.until(2 * world.sent)
      expect(counts.get('x')).toEqual(dense(world.sent))
      for (const word of words) expect(counts.get(word)).toEqual(dense(world.sent / 5))
      await child.stop()
      expect(child.said.at(-1)).toEqual({ what: 'stopped' })
    } finally {
      await world.close()
    }
  })
})
