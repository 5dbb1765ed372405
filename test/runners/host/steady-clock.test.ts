import { expect, test } from 'vitest'
import { steadyClock } from '../../../runners/host/steady-clock.ts'

const dials = () => {
  const at = { wallMs: 1_000_000, elapsedMs: 0 }
  const clock = steadyClock({ wall: () => at.wallMs, elapsed: () => at.elapsedMs })
  const pass = (ms: number, wallMs = ms) => {
    at.elapsedMs += ms
    at.wallMs += wallMs
    return clock.now()
  }
  return { pass }
}

test('it goes with the wall clock while that goes as it should', () => {
  const { pass } = dials()
  expect([pass(10), pass(990), pass(60_000)]).toEqual([1_000_010, 1_001_000, 1_061_000])
})

test('it goes on where the wall clock is set back, or stands still', () => {
  const { pass } = dials()
  expect([pass(1_000, -3_600_000), pass(1_000, 0), pass(1_000)]).toEqual([1_001_000, 1_002_000, 1_003_000])
})

test('it follows a wall clock that is ahead, as after the sleep of a machine', () => {
  const { pass } = dials()
  expect([pass(10, 3_600_000), pass(10)]).toEqual([4_600_000, 4_600_010])
})
