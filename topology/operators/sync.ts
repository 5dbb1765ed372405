import { TopologyError } from '../errors.ts'

export const isPromise = (made: unknown): made is { then(done: unknown, failed: unknown): void } =>
  typeof made === 'object' && made !== null && typeof (made as { then?: unknown }).then === 'function'

/** Gives the value back, but refuses a promise: a step that waits would let records overtake each other. */
export const sync = <T>(made: T, operator: string): T => {
  if (isPromise(made)) {
    // Nobody will await it, and a rejection nobody awaits would end the process.
    made.then(undefined, () => {})
    throw new TopologyError('STEP_ASYNC', operator, 'its function returned a promise')
  }
  return made
}
