import { TopologyError } from '../errors.ts'
import { isLeftPromise } from '../promise.ts'

/** Gives the value back, but refuses a promise: a step that waits would let records overtake each other. */
export const sync = <T>(made: T, operator: string): T => {
  if (isLeftPromise(made)) throw new TopologyError('STEP_ASYNC', operator, 'its function returned a promise')
  return made
}
