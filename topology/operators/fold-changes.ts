import type { Change } from '../change.ts'
import { isPromise } from '../promise.ts'
import type { Add } from './folding.ts'

/**
 * A fold of changes out of one that takes a row in and one that takes a row out. The row of before is taken out first,
 * where there is something to take it from; nobody sees what is in between.
 */
export const foldChanges =
  (add: Add, subtract: Add): Add =>
  (state, change, key) => {
    const { old, value } = change as Change
    const without = old === null || state === undefined ? state : (subtract(state, old, key) ?? undefined)
    // A promise is handed on as it is: whoever called this refuses it.
    return value === null || isPromise(without) ? without : add(without, value, key)
  }
