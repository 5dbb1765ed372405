import { expect, test } from 'vitest'
import { type Defect, defects } from './defects.ts'
import { crash, restartMsMax } from './rounds.ts'

test('a hundred kills of runners and producers lose nothing, double nothing and change nothing', async () => {
  const report = await crash({ rounds: 100, seed: 20 })
  expect(report.breaches).toEqual([])
  expect(report.rounds).toBe(100)
  expect(Object.keys(report.kills)).toHaveLength(12)
  expect(report.late).toBeGreaterThan(0)
  expect(report.gone).toBeGreaterThan(0)
  expect(report.restartMs).toBeLessThan(restartMsMax)
})

for (const [defect, invariants] of Object.entries(defects)) {
  test(`the oracle sees a planted defect: ${defect}`, async () => {
    const { breaches } = await crash({ rounds: 60, seed: 21, defect: defect as Defect, untilBreach: true })
    expect(invariants).toContain(
      breaches.find(({ invariant }) => invariants.some(known => known === invariant))?.invariant,
    )
  })
}
