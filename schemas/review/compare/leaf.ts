// Types that hold no others: what happens when one primitive takes another's place, and to enums and fixeds.

import { namesMatch } from '../../avro/resolve.ts'
import {
  type EnumSchema,
  type FixedSchema,
  isNamed,
  type LogicalType,
  type NamedSchema,
  type Primitive,
  type Schema,
} from '../../avro/schema.ts'
import { logicalClash } from '../../codec/logical.ts'
import { shapeOf } from '../../codec/shape.ts'
import { type At, type Emitted, failing, type Walk } from './change.ts'
import { logicalText, named, typeText } from './describe.ts'
import { giveEnumDefault, giveTypeAlias } from './fixes.ts'

/** What most changes of a type at a place have in common. */
export const atPlace = (old: Schema, next: Schema, at: At): Pick<Emitted, 'old' | 'new' | 'path' | 'shows'> => ({
  old: { spot: at.old, value: typeText(old) },
  new: { spot: at.new, value: typeText(next) },
  path: at.path,
  shows: { old, new: next },
})

const whole = ['int', 'long']
const floating = ['float', 'double']
const exactPairs = ['int double']

/** Two types of different kinds, neither of them a union. */
export const compareKinds = (walk: Walk, old: Schema, next: Schema, at: At): void => {
  const place = atPlace(old, next, at)
  const change = `${named(at.path)} was ${typeText(old)} and is ${typeText(next)} now`
  const works = { backward: walk.reads(next, old), forward: walk.reads(old, next) }
  const direction = failing(works)
  if (works.backward && works.forward) {
    walk.emit('AV306', { ...place, direction: 'both', message: `${change}: bytes that are not UTF-8 change` })
  } else {
    walk.emit('AV105', { ...place, direction, message: `${change}: ${cannot(direction)}` })
  }
  const lossy = works.backward
    ? ([old, next, 'backward'] as const)
    : works.forward
      ? ([next, old, 'forward'] as const)
      : undefined
  if (lossy && whole.includes(lossy[0].type) && floating.includes(lossy[1].type)) {
    if (!exactPairs.includes(`${lossy[0].type} ${lossy[1].type}`)) {
      const limit = lossy[1].type === 'float' ? '2^24' : '2^53'
      walk.emit('AV305', { ...place, direction: lossy[2], message: `${change}: numbers above ${limit} are rounded` })
    }
  }
  compareLogical(walk, old, next, at)
  if (works.backward || works.forward) compareShapes(walk, old, next, at)
}

const cannot = (direction: Emitted['direction']): string => {
  if (direction === 'both') return 'neither schema reads what the other wrote'
  return direction === 'backward' ? 'the new schema cannot read old data' : 'the old schema cannot read new data'
}

/** A type in JavaScript that changed although its data can be read. */
const compareShapes = (walk: Walk, old: Schema, next: Schema, at: At): void => {
  if (old.type === 'union' || next.type === 'union') return
  const [before, after] = [old, next].map(schema => shapeOf(schema as Primitive, walk.options.long))
  if (before === after) return
  const message = `${named(at.path)} is ${after} in TypeScript now, and was ${before}`
  walk.emit('AV501', { ...atPlace(old, next, at), direction: 'none', message })
}

const rawLogical = (schema: Schema): string | undefined =>
  schema.logicalType ? logicalText(schema.logicalType) : (schema.attributes.logicalType as string | undefined)

/** The annotations of two types that stand at one place. */
export const compareLogical = (walk: Walk, old: Schema, next: Schema, at: At): void => {
  const [before, after] = [rawLogical(old), rawLogical(next)]
  if (before === after) return
  const place = {
    ...atPlace(old, next, at),
    old: { spot: at.old, value: before ?? 'none' },
    new: { spot: at.new, value: after ?? 'none' },
  }
  if (old.logicalType?.name === 'decimal' && next.logicalType?.name === 'decimal') {
    compareDecimals(walk, old.logicalType, next.logicalType, place)
    return
  }
  const [reads, written] = [next.logicalType, old.logicalType]
  const clashes = logicalClash(reads, written) !== undefined
  // With a change of type that data does not survive there is nothing left to misread.
  if (old.type !== next.type && !walk.reads(next, old) && !walk.reads(old, next)) return
  const message = `${named(at.path)} stood for ${before ?? `a plain ${old.type}`} and stands for ${after ?? `a plain ${next.type}`} now: the same bytes mean something else`
  const axis = clashes ? (['VALUE', 'NODE', 'SOURCE'] as const) : (['VALUE', 'SOURCE'] as const)
  walk.emit('AV302', { ...place, direction: 'both', message, axis, level: clashes ? 'error' : 'warn' })
  if (old.type === next.type) compareShapes(walk, old, next, at)
}

const compareDecimals = (
  walk: Walk,
  old: LogicalType & { name: 'decimal' },
  next: LogicalType & { name: 'decimal' },
  place: Pick<Emitted, 'old' | 'new' | 'path' | 'shows'>,
): void => {
  const change = `${named(place.path)} was ${logicalText(old)} and is ${logicalText(next)} now`
  if (old.scale !== next.scale) {
    const factor = `${next.scale > old.scale ? '/' : 'x'} ${10n ** BigInt(Math.abs(next.scale - old.scale))}`
    walk.emit('AV301', { ...place, direction: 'both', message: `${change}: the same bytes, values ${factor}` })
    return
  }
  const wider = next.precision > old.precision
  walk.emit('AV301', {
    ...place,
    direction: wider ? 'forward' : 'backward',
    level: 'warn',
    message: `${change}: ${wider ? 'old' : 'new'} readers refuse numbers with more than ${Math.min(old.precision, next.precision)} digits`,
  })
}

/** The names of two types that belong together. */
export const compareNames = (walk: Walk, old: NamedSchema, next: NamedSchema, at: At): void => {
  if (old.fullName === next.fullName) return
  const place = {
    ...atPlace(old, next, at),
    old: { spot: old.nameAt, value: old.fullName },
    new: { spot: next.nameAt, value: next.fullName },
  }
  const kind = next.type
  if (old.name === next.name) {
    if (next.aliases.includes(old.fullName)) return
    const message = `${kind} ${old.fullName} moved to ${next.fullName}: Avro does not mind, avsc by itself refuses every record`
    walk.emit('AV201', { ...place, direction: 'both', message, fix: () => giveTypeAlias(next, old) })
    return
  }
  const works = { backward: namesMatch(next, old), forward: namesMatch(old, next) }
  const direction = failing(works)
  if (direction === 'none') return
  const how = works.backward ? 'by an alias, which helps only the new schema' : 'without an alias'
  const message = `${kind} ${old.fullName} is called ${next.fullName} now, ${how}: ${cannot(direction)}`
  const fix = works.backward ? {} : { fix: () => giveTypeAlias(next, old) }
  walk.emit(kind === 'fixed' ? 'AV111' : 'AV112', { ...place, direction, message, ...fix })
}

export const compareEnums = (walk: Walk, old: EnumSchema, next: EnumSchema, at: At): void => {
  const shows = { old, new: next }
  const added = next.symbols.filter(symbol => !old.symbols.includes(symbol))
  const removed = old.symbols.filter(symbol => !next.symbols.includes(symbol))
  for (const symbol of added) addedSymbol(walk, old, next, at, symbol)
  for (const symbol of removed) removedSymbol(walk, old, next, at, symbol)
  const kept = old.symbols.filter(symbol => !removed.includes(symbol))
  const place = { path: at.path, shows, direction: 'none' as const }
  if (kept.join() !== next.symbols.filter(symbol => !added.includes(symbol)).join())
    walk.emit('AV003', {
      ...place,
      old: { spot: old.listAt, value: old.symbols.join(' ') },
      new: { spot: next.listAt, value: next.symbols.join(' ') },
      message: `the symbols of ${next.name} stand in another order: the sort order of keys changes, nothing else`,
    })
  if (old.default === next.default) return
  walk.emit('AV110', {
    ...place,
    old: { spot: old.defaultAt ?? old, value: old.default ?? 'none' },
    new: { spot: next.defaultAt ?? next, value: next.default ?? 'none' },
    ...(old.default === undefined ? { level: 'info' } : {}),
    direction: old.default === undefined ? 'none' : 'backward',
    message: `unknown symbols of ${next.name} were ${readAs(old.default)}, and are ${readAs(next.default)} now`,
  })
}

const readAs = (symbol: string | undefined): string => (symbol === undefined ? 'refused' : `read as ${symbol}`)

const addedSymbol = (walk: Walk, old: EnumSchema, next: EnumSchema, at: At, symbol: string): void => {
  const place = {
    old: { spot: old.listAt, value: 'none' },
    new: { spot: next.symbolsAt[next.symbols.indexOf(symbol)]!, value: symbol },
    path: at.path,
    shows: { old, new: next, holds: { symbol } },
  }
  if (old.default !== undefined) {
    const message = `${named(at.path)} has the new symbol ${symbol}, which old readers see as ${old.default}`
    walk.emit('AV303', { ...place, direction: 'forward', level: 'info', message })
    return
  }
  const hasFieldDefault = at.field?.old.default !== undefined && next.default === undefined
  walk.emit('AV109', {
    ...place,
    direction: 'forward',
    message: `${named(at.path)} has the new symbol ${symbol}, and readers with the old schema have no default for it`,
    ...(hasFieldDefault && {
      why: `The default of the field ${at.field?.old.name} does not help: it is for records without the field. Only a default of the enum itself stands in for a symbol that a reader does not know.`,
    }),
    ...(next.default === undefined && { fix: () => giveEnumDefault(next, old.symbols, true) }),
  })
}

const removedSymbol = (walk: Walk, old: EnumSchema, next: EnumSchema, at: At, symbol: string): void => {
  const place = {
    old: { spot: old.symbolsAt[old.symbols.indexOf(symbol)]!, value: symbol },
    new: { spot: next.listAt, value: 'none' },
    path: at.path,
    direction: 'backward' as const,
    shows: { old, new: next, holds: { symbol } },
  }
  if (next.default === undefined) {
    const message = `${named(at.path)} no longer has the symbol ${symbol}: old records that carry it cannot be read`
    walk.emit('AV108', { ...place, message, fix: () => giveEnumDefault(next, next.symbols, false) })
  } else {
    const message = `${named(at.path)} no longer has the symbol ${symbol}: old records that carry it are read as ${next.default}`
    walk.emit('AV303', { ...place, message })
  }
}

export const compareFixeds = (walk: Walk, old: FixedSchema, next: FixedSchema, at: At): void => {
  if (old.sizeBytes === next.sizeBytes) return
  walk.emit('AV111', {
    old: { spot: old.sizeAt, value: String(old.sizeBytes) },
    new: { spot: next.sizeAt, value: String(next.sizeBytes) },
    path: at.path,
    shows: { old, new: next },
    direction: 'both',
    message: `${named(at.path)} had ${old.sizeBytes} bytes and has ${next.sizeBytes} now: ${cannot('both')}`,
  })
}

export const isSameName = (old: Schema, next: Schema): boolean =>
  isNamed(old) && isNamed(next) && (namesMatch(next, old) || namesMatch(old, next))
