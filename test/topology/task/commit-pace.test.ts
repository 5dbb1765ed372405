import { expect, test } from 'vitest'
import { CommitPace } from '../../../topology/task/commit-pace.ts'

const intervalMs = 100

/** A pace whose last commit was at 0, after many that took so long. */
const paceAfter = (tookMs: number) => {
  let nowMs = 0
  const pace = new CommitPace(intervalMs, { now: () => nowMs })
  for (let commit = 0; commit < 100; commit++) pace.done(tookMs)
  /** The first moment at which a commit is due. */
  return (dry: boolean, calling: boolean): number => {
    for (nowMs = 0; !pace.due(dry, calling); nowMs++);
    return nowMs
  }
}

test('a commit comes at the interval, and sooner where the input has run dry', () => {
  expect(paceAfter(1)(false, false)).toBe(intervalMs)
  expect(paceAfter(1)(true, false)).toBe(10)
})

test('where commits are slow they are three times as far apart as one takes, and ten times while calls are out', () => {
  expect(paceAfter(8)(true, false)).toBe(24)
  expect(paceAfter(8)(true, true)).toBe(80)
  expect(paceAfter(30)(true, true)).toBe(intervalMs)
})
