// Records: which field of one belongs to which of the other, and what becomes of those that are left.

import { sources } from '../../avro/resolve.ts'
import { type Field, type RecordSchema, reachable, type Spot } from '../../avro/schema.ts'
import { avscDefaultFault } from '../avsc-fault.ts'
import { type At, failing, type Walk } from './change.ts'
import { inPath, named, typeText } from './describe.ts'
import { giveDefault, giveFieldAlias } from './fixes.ts'
import { pairFields } from './pairing.ts'

export const compareRecords = (walk: Walk, old: RecordSchema, next: RecordSchema, at: At): void => {
  const { pairs, came, went } = pairFields(old, next)
  const side = new Side(walk, old, next, at)
  side.ambiguous()
  for (const field of came) side.came(field)
  for (const field of went) side.went(field)
  for (const pair of pairs) {
    if (pair.how === 'alias') side.renamedByAlias(pair.old, pair.new)
    if (pair.how === 'guess') side.renamedWithoutAlias(pair.old, pair.new)
    side.matched(pair.old, pair.new)
  }
  side.order(pairs.filter(pair => pair.how === 'name'))
}

const defaultText = (field: Field): string => (field.default === undefined ? 'none' : field.default.text)
const defaultSpot = (field: Field): Spot => field.default ?? field

/** The changes of one pair of records. */
class Side {
  readonly #walk: Walk
  readonly #old: RecordSchema
  readonly #next: RecordSchema
  readonly #at: At
  readonly #shows: { readonly old: RecordSchema; readonly new: RecordSchema }

  constructor(walk: Walk, old: RecordSchema, next: RecordSchema, at: At) {
    this.#walk = walk
    this.#old = old
    this.#next = next
    this.#at = at
    this.#shows = { old, new: next }
  }

  /** An example of a change of these fields. */
  #showing(...fields: readonly Field[]) {
    return { ...this.#shows, holds: { fields: fields.map(({ name }) => name) } }
  }

  #path(field: Field): string {
    return inPath(this.#at.path, field.name)
  }

  ambiguous(): void {
    const judge = (reader: RecordSchema, writer: RecordSchema, direction: 'backward' | 'forward') => {
      for (const field of reader.fields) {
        const found = sources(field, writer)
        if (found.length < 2) continue
        const [ours, theirs] = [
          { spot: field as Spot, value: field.name },
          { spot: found[1]! as Spot, value: found[1]!.name },
        ]
        const names = [...new Set(found.map(({ name }) => name))].join(' and ')
        this.#walk.emit('AV203', {
          old: direction === 'backward' ? theirs : ours,
          new: direction === 'backward' ? ours : theirs,
          path: this.#path(field),
          shows: this.#shows,
          direction,
          message: `${named(this.#path(field))} may stand for ${names} of the other schema: which one is unclear`,
        })
      }
    }
    judge(this.#next, this.#old, 'backward')
    judge(this.#old, this.#next, 'forward')
  }

  came(field: Field): void {
    const path = this.#path(field)
    this.#walk.came.push({ field, path, shows: this.#shows })
    const place = {
      old: { spot: this.#at.old, value: 'none' },
      new: { spot: field, value: `${field.name}: ${typeText(field.type)}` },
      path,
      shows: this.#showing(field),
    }
    this.#lintDefault(field, undefined)
    if (field.default !== undefined || sources(field, this.#old).length > 0) {
      const message = `${named(path)} was added, and it has a default`
      this.#walk.emit('AV001', { ...place, direction: 'none', message })
      return
    }
    this.#walk.emit('AV101', {
      ...place,
      direction: 'backward',
      message: `${named(path)} was added without a default: the new schema cannot read old records${this.#beliefs(field)}`,
      fix: () => giveDefault(field),
    })
  }

  /** The two things people believe to be a default. */
  #beliefs(field: Field): string {
    if (field.type.type === 'enum' && field.type.default !== undefined)
      return `; the default ${field.type.default} of its enum is for unknown symbols, not for a missing field`
    const isNullable = field.type.type === 'union' && field.type.branches.some(({ type }) => type === 'null')
    return isNullable ? '; that it may be null does not make it optional' : ''
  }

  went(field: Field): void {
    const path = this.#path(field)
    this.#walk.went.push({ field, path, shows: this.#shows })
    const place = {
      old: { spot: field, value: `${field.name}: ${typeText(field.type)}` },
      new: { spot: this.#at.new, value: 'none' },
      path,
      shows: this.#showing(field),
    }
    if (field.default !== undefined) {
      const message = `${named(path)} was removed; old readers see its default ${defaultText(field)}`
      this.#walk.emit('AV002', { ...place, direction: 'none', message })
      this.#walk.emit('AV502', {
        ...place,
        direction: 'none',
        level: 'info',
        message: `${named(path)} is gone from the read type`,
      })
      return
    }
    const message = `${named(path)} was removed and had no default: the old schema cannot read new records`
    this.#walk.emit('AV102', { ...place, direction: 'forward', message })
  }

  #renamed(old: Field, next: Field) {
    return {
      old: { spot: old, value: old.name },
      new: { spot: next, value: next.name },
      path: this.#path(next),
      shows: this.#showing(old, next),
      direction: failing({
        backward: sources(next, this.#old).length > 0 || next.default !== undefined,
        forward: sources(old, this.#next).length > 0 || old.default !== undefined,
      }),
    }
  }

  renamedByAlias(old: Field, next: Field): void {
    const change = this.#renamed(old, next)
    const isOurs = next.aliases.includes(old.name)
    const who = isOurs ? 'only the new schema knows the alias' : 'only the old schema knows the alias'
    const message = `"${old.name}" is called ${named(change.path)} now, by an alias: ${who}`
    if (change.direction !== 'none') this.#walk.emit('AV104', { ...change, message })
    else {
      const lost = `${message}, and ${isOurs ? 'old' : 'new'} readers see a default instead of the value`
      this.#walk.emit('AV104', {
        ...change,
        level: 'warn',
        axis: ['VALUE'],
        direction: isOurs ? 'forward' : 'backward',
        message: lost,
      })
    }
  }

  renamedWithoutAlias(old: Field, next: Field): void {
    const change = this.#renamed(old, next)
    const fix = () => giveFieldAlias(next, old)
    if (change.direction === 'none') {
      const message = `${named(change.path)} looks like "${old.name}" renamed, without an alias: readers see defaults, and the old value is dropped`
      this.#walk.emit('AV307', { ...change, direction: 'both', message, fix })
    } else {
      const message = `${named(change.path)} looks like "${old.name}" renamed, without an alias`
      this.#walk.emit('AV103', { ...change, message, fix })
    }
  }

  matched(old: Field, next: Field): void {
    const path = this.#path(next)
    this.#defaults(old, next, path)
    this.#lintDefault(next, old)
    if (old.order !== next.order) {
      const ends = { old: { spot: old, value: old.order }, new: { spot: next, value: next.order } }
      this.#walk.emit('AV003', {
        ...ends,
        path,
        shows: this.#shows,
        direction: 'none',
        message: `${named(path)} sorts differently`,
      })
    }
    const gone = old.aliases.filter(alias => !next.aliases.includes(alias) && alias !== next.name)
    if (gone.length > 0) {
      const ends = { old: { spot: old, value: gone.join() }, new: { spot: next, value: next.aliases.join() || 'none' } }
      const message = `${named(path)} no longer has the alias ${gone.join(', ')}: records written under it lose the value`
      this.#walk.emit('AV005', { ...ends, path, shows: this.#shows, direction: 'none', message })
    }
    this.#walk.visit(old.type, next.type, { path, old: old.typeAt, new: next.typeAt, field: { old, new: next } })
  }

  #defaults(old: Field, next: Field, path: string): void {
    if (defaultText(old) === defaultText(next) || sameDefault(old, next)) return
    const ends = {
      old: { spot: defaultSpot(old), value: defaultText(old) },
      new: { spot: defaultSpot(next), value: defaultText(next) },
      path,
      shows: this.#shows,
    }
    if (old.default !== undefined && next.default !== undefined) {
      const message = `old data without ${named(path)} read as ${defaultText(old)} and reads as ${defaultText(next)} now`
      this.#walk.emit('AV303', { ...ends, direction: 'backward', message })
    } else if (old.default !== undefined) {
      const message = `${named(path)} lost its default ${defaultText(old)}: records from before the field was added cannot be read any more`
      this.#walk.emit('AV304', {
        ...ends,
        direction: 'backward',
        axis: ['VALUE', 'WIRE'],
        message,
        fix: () => giveDefault(next),
      })
    } else {
      const message = `${named(path)} has the default ${defaultText(next)} now`
      this.#walk.emit('AV304', { ...ends, direction: 'none', level: 'info', message })
    }
  }

  /** What other libraries think of the default that stands in the new schema. */
  #lintDefault(field: Field, before: Field | undefined): void {
    if (field.default === undefined) return
    const fault = avscDefaultFault(field)
    if (fault === undefined || (before !== undefined && avscDefaultFault(before) !== undefined)) return
    const place = {
      old: { spot: before ?? this.#at.old, value: before ? defaultText(before) : 'none' },
      new: { spot: field.default, value: field.default.text },
      path: this.#path(field),
      shows: this.#shows,
      direction: 'none' as const,
    }
    const isLong = reachable(field.type).some(({ type }) => type === 'long') && fault.includes('safe')
    const message = `the default ${field.default.text} of ${named(place.path)} is refused by avsc: ${fault}`
    this.#walk.emit(isLong ? 'AV205' : 'AV202', { ...place, message })
  }

  order(pairs: readonly { readonly old: Field; readonly new: Field }[]): void {
    const before = pairs.map(pair => this.#old.fields.indexOf(pair.old))
    if (before.every((index, at) => at === 0 || index > before[at - 1]!)) return
    const names = (record: RecordSchema) => record.fields.map(({ name }) => name).join(' ')
    this.#walk.emit('AV003', {
      old: { spot: this.#at.old, value: names(this.#old) },
      new: { spot: this.#at.new, value: names(this.#next) },
      path: this.#at.path,
      shows: this.#shows,
      direction: 'none',
      message: `the fields of ${this.#next.name} stand in another order`,
    })
  }
}

const sameDefault = (old: Field, next: Field): boolean =>
  old.default !== undefined &&
  next.default !== undefined &&
  JSON.stringify(old.default.value) === JSON.stringify(next.default.value)
