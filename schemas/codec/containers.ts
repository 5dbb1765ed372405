import {
  type AvroType,
  bareType,
  type CopyOptions,
  type Hook,
  type OpenResolver,
  type Reads,
  type ResolveOptions,
  refuse,
  type Tap,
} from './avsc.ts'
import { enter, leave, takeItems } from './budget.ts'
import { endsEarly, Fault } from './fault.ts'
import { readCount } from './varint.ts'
import { notEntries } from './words.ts'

/** The items of the next block, zero at the end. They are counted before anything is made for them. */
export const readBlock = (tap: Tap, itemBytesMin: number): number => {
  const at = tap.pos
  let count = readCount(tap)
  if (count === 0) return 0
  if (count < 0) {
    count = -count
    readCount(tap)
  }
  const left = tap.buf.length - tap.pos
  if (count * itemBytesMin > left)
    throw new Fault(at, `${count} items are announced and do not fit into the ${left} bytes left`)
  takeItems(count, at)
  return count
}

const readArray =
  (items: Reads, itemBytesMin: number) =>
  (tap: Tap): unknown[] => {
    let count = readBlock(tap, itemBytesMin)
    if (count === 0) return []
    enter(tap.pos)
    const values = new Array<unknown>(count)
    let at = 0
    do {
      while (count-- > 0) values[at++] = items._read(tap)
      count = readBlock(tap, itemBytesMin)
    } while (count > 0)
    leave()
    return values
  }

/** A map is an object without prototype: no key has a meaning of its own, `__proto__` and `constructor` neither. */
const readMap =
  (values: Reads, entryBytesMin: number) =>
  (tap: Tap): Record<string, unknown> => {
    const map: Record<string, unknown> = Object.create(null)
    let count = readBlock(tap, entryBytesMin)
    if (count === 0) return map
    enter(tap.pos)
    do {
      while (count-- > 0) {
        const key = tap.readString()
        map[key] = values._read(tap)
      }
      count = readBlock(tap, entryBytesMin)
    } while (count > 0)
    leave()
    return map
  }

/** The sizes that some writers put before a block are not believed: every item is passed over by itself. */
const skipBlocks =
  (skipItem: (tap: Tap) => void, itemBytesMin: number) =>
  (tap: Tap): void => {
    let count = readBlock(tap, itemBytesMin)
    if (count === 0) return
    enter(tap.pos)
    do {
      while (count-- > 0) {
        skipItem(tap)
        if (tap.pos > tap.buf.length) throw new Fault(tap.buf.length, endsEarly)
      }
      count = readBlock(tap, itemBytesMin)
    } while (count > 0)
    leave()
  }

export const arrayType = (items: AvroType, itemBytesMin: number): AvroType =>
  bareType('ArrayType', undefined, undefined, {
    itemsType: items,
    itemBytesMin,
    _read: readArray(items, itemBytesMin),
    _skip: skipBlocks(tap => items._skip(tap), itemBytesMin),
    _write(tap: Tap, value: unknown): void {
      const values = Array.isArray(value) ? (value as readonly unknown[]) : refuse('array')
      if (values.length > 0) {
        takeItems(values.length, 0)
        enter(0)
        tap.writeLong(values.length)
        for (let at = 0; at < values.length; at++) items._write(tap, values[at])
        leave()
      }
      tap.writeLong(0)
    },
    _update(resolver: OpenResolver, writer: AvroType, options: ResolveOptions): void {
      if (writer.typeName !== 'array') return
      resolver._read = readArray(items.createResolver(writer.itemsType!, options), writer.itemBytesMin!)
    },
  })

const isEntries = (value: unknown): value is Record<string, unknown> =>
  value !== null &&
  typeof value === 'object' &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value) &&
  !notEntries.some(({ of }) => value instanceof of)

export const mapType = (values: AvroType, entryBytesMin: number): AvroType =>
  bareType('MapType', undefined, undefined, {
    valuesType: values,
    itemBytesMin: entryBytesMin,
    _read: readMap(values, entryBytesMin),
    _skip: skipBlocks(tap => {
      tap.skipString()
      values._skip(tap)
    }, entryBytesMin),
    _check(this: AvroType, value: unknown, flags?: number, hook?: Hook, path?: string[]): boolean {
      if (!isEntries(value)) {
        hook?.(value, this)
        return false
      }
      let valid = true
      for (const [key, entry] of Object.entries(value)) {
        path?.push(key)
        valid = values._check(entry, flags, hook, path) && valid
        path?.pop()
      }
      return valid
    },
    _write(tap: Tap, value: unknown): void {
      const entries = isEntries(value) ? value : refuse('map')
      const keys = Object.keys(entries)
      if (keys.length > 0) {
        takeItems(keys.length, 0)
        enter(0)
        tap.writeLong(keys.length)
        for (const key of keys) {
          tap.writeString(key)
          values._write(tap, entries[key])
        }
        leave()
      }
      tap.writeLong(0)
    },
    _copy(value: unknown, options?: CopyOptions): unknown {
      const entries = isEntries(value) ? value : refuse('map')
      const copy: Record<string, unknown> = Object.create(null)
      for (const key of Object.keys(entries)) copy[key] = values._copy(entries[key], options)
      return copy
    },
    _update(resolver: OpenResolver, writer: AvroType, options: ResolveOptions): void {
      if (writer.typeName !== 'map') return
      resolver._read = readMap(values.createResolver(writer.valuesType!, options), writer.itemBytesMin!)
    },
  })
