import type { Field, Schema, Spot } from '../../avro/schema.ts'
import type { Axis, FindingDirection, Fix, Level } from '../finding.ts'
import { type RuleCode, rules } from '../rules/index.ts'

/** One end of a change: where it stands, and what stands there in few words. */
export interface ChangeEnd {
  readonly spot: Spot
  readonly value: string
}

/** A difference between an old and a new schema, judged by itself: no mode, no topic, no services yet. */
export interface Change {
  readonly code: RuleCode
  readonly axis: readonly [Axis, ...Axis[]]
  readonly level: Level
  readonly direction: FindingDirection
  readonly old: ChangeEnd | undefined
  readonly new: ChangeEnd | undefined
  /** For people: `items[].price`. */
  readonly path: string
  readonly message: string
  /** More than the rule says, where there is more to say. */
  readonly why?: string
  /** The smallest pair of types that shows the change, and what a value that shows it must hold. */
  readonly shows: { readonly old: Schema; readonly new: Schema; readonly holds?: Holds }
  readonly fix?: () => Fix
}

/** What an example must contain to show a change: a symbol of an enum, a branch of a union, fields of a record. */
export interface Holds {
  /** The names, old and new, of the fields it is about; other fields that changed only distract. */
  readonly fields?: readonly string[]
  readonly symbol?: string
  readonly branch?: Schema
}

/** Where the walk stands in both schemas. */
export interface At {
  readonly path: string
  readonly old: Spot
  readonly new: Spot
  /** The fields whose type this is, if it is the type of a field or inside a union of one. */
  readonly field: { readonly old: Field; readonly new: Field } | undefined
}

/** What one part of the comparison may ask of the whole. */
export interface Walk {
  emit(code: RuleCode, change: Emitted): void
  visit(old: Schema, next: Schema, at: At): void
  /** Whether a reader reads a writer by Avro's rules. */
  reads(reader: Schema, writer: Schema): boolean
  readonly options: CompareOptions
  /** Fields that came and went, for what can only be seen at the end. */
  readonly came: MovedField[]
  readonly went: MovedField[]
}

export interface MovedField {
  readonly field: Field
  readonly path: string
  readonly shows: Change['shows']
}

export interface CompareOptions {
  /** How generated code holds a long. */
  readonly long: 'bigint' | 'number'
}

export type Emitted = Pick<Change, 'old' | 'new' | 'path' | 'message' | 'shows' | 'direction'> &
  Partial<Pick<Change, 'level' | 'axis' | 'why' | 'fix'>>

/** The change with what its rule says unless it says otherwise itself. */
export const changeOf = (code: RuleCode, emitted: Emitted): Change => {
  const { axis, level } = rules[code]
  return { code, axis, level, ...emitted }
}

/** Which direction fails, from which direction works. */
export const failing = (works: { readonly backward: boolean; readonly forward: boolean }): FindingDirection => {
  if (works.backward) return works.forward ? 'none' : 'forward'
  return works.forward ? 'backward' : 'both'
}
