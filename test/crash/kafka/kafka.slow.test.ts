import { describe, expect, test } from 'vitest'
import { lacks } from '../../parts/parts.ts'
import { faultFor, type KafkaDefect, kafkaDefects } from './defects.ts'
import type { FaultName } from './faults.ts'
import { torment } from './torment.ts'

const times = (howMany: number, name: FaultName): FaultName[] => Array.from({ length: howMany }, () => name)

describe.skipIf(lacks('kafka', 'kafka client'))('three runners on a real Kafka', () => {
  test('are killed, frozen, cut off, moved about and left without a broker, and lose nothing and double nothing', async () => {
    const faults: FaultName[] = [
      ...times(5, 'kill'),
      ...times(3, 'kill in a commit'),
      ...(['kill in an open transaction', 'kill of all', 'kill without a restart', 'stop', 'two zombies'] as const),
      ...times(2, 'delayed commit'),
      ...(['connections cut', 'poison alone', 'burst on one key', 'same name on this machine'] as const),
      ...(['broker restart', 'storm', 'three at once'] as const),
    ]
    const report = await torment({ faults, seed: 20, slack: 4 })
    expect(report.breaches).toEqual([])
    expect(Object.values(report.counts).reduce((sum, count) => sum + count, 0)).toBe(faults.length)
    expect(report.late).toBeGreaterThan(0)
    expect(report.taken).toBeGreaterThan(report.acknowledged)
    expect(report.buried).toBeGreaterThan(0)
  })

  for (const [defect, invariants] of Object.entries(kafkaDefects)) {
    test(`the oracle sees a planted defect: ${defect}`, async () => {
      const { breaches } = await torment({
        faults: times(2, faultFor(defect as KafkaDefect)),
        ...{ seed: 21, slack: 4, defect: defect as KafkaDefect },
      })
      expect(breaches.map(({ invariant }) => invariant)).toEqual(
        expect.arrayContaining([expect.stringMatching(new RegExp(`^(${invariants.join('|')})$`))]),
      )
    })
  }
})
