import { expect, test } from 'vitest'
import { disagreements } from './node-runtimes.ts'

const limits = { patienceMs: 60_000 } as const

for (const runtime of ['franz', 'avsc', 'avsc-strict'] as const) {
  test(`the node verdict is what ${runtime} does, on every tenth pair`, { timeout: limits.patienceMs }, () => {
    expect(disagreements(runtime, 10).slice(0, 3)).toEqual([])
  })
}
