import type { OperatorOf } from '../operators/operator.ts'
import type { Format } from '../ports/codec.ts'
import { attach, type Place } from './drawing.ts'

// The handles behind the interfaces of stream.ts, table.ts and group.ts. Types are loose in here and exact out there:
// what the interfaces promise is what their callers get, so no cast leaks.

/** An argument whose type the interfaces have checked. */
export type Checked = never
export type AnyFormat = Format<unknown, never>
export type AnyFunction = (...args: readonly unknown[]) => unknown

/** A point in the drawing with the formats that its records can be written in. */
export class Handle {
  readonly place: Place
  readonly key: AnyFormat
  /** Undefined: nobody knows. */
  readonly value: AnyFormat | undefined

  constructor(place: Place, key: AnyFormat, value: AnyFormat | undefined) {
    this.place = place
    this.key = key
    this.value = value
  }

  protected attach(operator: OperatorOf, others: readonly Handle[] = [], name?: string): Place {
    return attach(operator, [this.place, ...others.map(other => other.place)], name)
  }
}
