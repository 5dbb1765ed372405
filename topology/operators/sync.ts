import { TopologyError } from '../errors.ts'

/** Gives the value back, but refuses a promise: a step that waits would let records overtake each other. */
export const sync = <T>(made: T, operator: string): T => {
  if (typeof made === 'object' && made !== null && typeof (made as { then?: unknown }).then === 'function') {
    // Nobody will await it, and a rejection nobody awaits would end the process.
    ;(made as unknown as { then(done: unknown, failed: unknown): void }).then(undefined, () => {})
    throw new TopologyError('STEP_ASYNC', operator, 'its function returned a promise')
  }
  return made
}
