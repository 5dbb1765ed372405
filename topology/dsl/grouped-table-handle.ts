import { whole } from '../formats.ts'
import { foldChanges } from '../operators/fold-changes.ts'
import type { Add } from '../operators/folding.ts'
import { folded } from './folded.ts'
import type { AggregateOptions } from './group.ts'
import { type AnyFormat, type AnyFunction, Handle } from './handle.ts'
import type { TableHandle } from './table-handle.ts'

interface Both extends AggregateOptions {
  readonly add: AnyFunction
  readonly subtract: AnyFunction
}

const counted =
  (rows: number): Add =>
  state =>
    ((state as number | undefined) ?? 0) + rows

/** `value` is the format of the rows, though changes of rows are what comes in. */
export class GroupedTableHandle extends Handle {
  #fold(kind: string, name: string, value: AnyFormat, { add, subtract, ...options }: Both): TableHandle {
    return folded([this], undefined, { name, value }, { kind, adds: [foldChanges(add, subtract)] }, options)
  }

  count(name: string, options?: AggregateOptions): TableHandle {
    return this.#fold('count', name, whole, { ...options, add: counted(1), subtract: counted(-1) })
  }

  reduce(name: string, how: Both): TableHandle {
    const add: Add = (state, row, key) => (state === undefined ? row : how.add(state, row, key))
    return this.#fold('reduce', name, this.value!, { ...how, add })
  }

  aggregate(name: string, how: Both & { init: AnyFunction; as: AnyFormat }): TableHandle {
    const { init, as, ...both } = how
    const add: Add = (state, row, key) => how.add(state === undefined ? init(key) : state, row, key)
    return this.#fold('aggregate', name, as, { ...both, add })
  }
}
