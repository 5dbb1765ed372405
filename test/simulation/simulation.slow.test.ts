import { expect, test } from 'vitest'
import { simulate } from './run.ts'
import { verify } from './verify.ts'

/** `SEED=123 npx vitest run test/simulation` runs that seed alone. */
const only = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const seeds = only === undefined ? Array.from({ length: 600 }, (_, number) => number + 1) : [only]

test(`${seeds.length} seeds: whatever crashes, moves, aborts or fences, output and state are those of a clean replay`, async () => {
  const faults = new Map<string, number>()
  let comparedWithCleanRun = 0
  let deadLetters = 0
  for (const seed of seeds) {
    const simulated = await simulate(seed)
    const findings = await verify(simulated)
    expect(findings, `replay alone with SEED=${seed}`).toEqual([])
    if (simulated.shape.independence !== 'nothing') comparedWithCleanRun++
    deadLetters += (await simulated.world.readBytes('dead')).length
    for (const [fault, times] of simulated.faults) faults.set(fault, (faults.get(fault) ?? 0) + times)
  }
  console.log(
    `${comparedWithCleanRun} of ${seeds.length} seeds equal to their clean run; ${deadLetters} dead letters; faults: ${[
      ...faults,
    ]
      .map(([fault, times]) => `${fault} ${times}`)
      .sort()
      .join(', ')}`,
  )
  if (only !== undefined) return
  expect(comparedWithCleanRun).toBeGreaterThanOrEqual(seeds.length / 2)
  expect(deadLetters).toBeGreaterThan(seeds.length)
  // A dead injector would prove nothing: every kind of fault has happened.
  for (const kind of ['crash at', 'abort at', 'lose answer at', 'fence at', 'crash between', 'move']) {
    expect(
      [...faults.keys()].some(fault => fault.startsWith(kind)),
      kind,
    ).toBe(true)
  }
})

for (const defect of ['positions before output', 'aborted changelog kept', 'staged state shared'] as const) {
  test(`a planted defect is caught: ${defect}`, async () => {
    let caught = 0
    for (let seed = 1; seed <= 80 && caught === 0; seed++) {
      try {
        const simulated = await simulate(seed, defect)
        if ((await verify(simulated)).length > 0) caught++
      } catch {
        caught++
      }
    }
    expect(caught).toBeGreaterThan(0)
  })
}
