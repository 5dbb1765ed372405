import type { Clock } from '../../topology/ports/clock.ts'

/** The wall clock may be so far from where it should be before it counts as moved: after the sleep of a machine, say. */
const aheadMsMax = 1_000

/** Where a clock is read from: wall time, and time that only ever goes on. */
export interface Dials {
  readonly wall: () => number
  readonly elapsed: () => number
}

/**
 * Wall time that never goes back and never stops. A wall clock that is set back, or hangs, would hold up commits, calls
 * and timers until it has caught up; one that is set forward is followed, as after the sleep of a machine.
 */
export const steadyClock = ({ wall, elapsed }: Dials = { wall: Date.now, elapsed: () => performance.now() }): Clock => {
  let lastMs = wall()
  let atMs = elapsed()
  return {
    now() {
      const nowMs = elapsed()
      const expectedMs = lastMs + (nowMs - atMs)
      const wallMs = wall()
      lastMs = wallMs > expectedMs + aheadMsMax ? wallMs : expectedMs
      atMs = nowMs
      return Math.floor(lastMs)
    },
  }
}
