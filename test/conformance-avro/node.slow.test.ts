import { expect, test } from 'vitest'
import { disagreements } from './node-runtimes.ts'

for (const runtime of ['franz', 'avsc', 'avsc-strict'] as const) {
  test(`the node verdict is what ${runtime} does, on every pair`, () => {
    expect(disagreements(runtime, 1).slice(0, 3)).toEqual([])
  })
}
