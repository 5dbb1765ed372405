// Walk. Goes through a datum by its writer's schema without making anything, to say where it is wrong: it is slow and
// runs only after a failure, or ahead of a datum so long that a single text in it might be beyond its limit.
import type { Schema } from '../avro/schema.ts'
import type { Tap } from './avsc.ts'
import { beginDatum, enter, leave, takeItems } from './budget.ts'
import { bytesMin } from './compile.ts'
import { endsEarly, Fault } from './fault.ts'
import type { Limits } from './limits.ts'
import { readBigint, readCount, readInt } from './varint.ts'

export interface Wrong {
  /** `contact.mail`, `tags.3`; empty for the datum as a whole. */
  readonly path: string
  readonly offset: number
  readonly problem: string
}

type Place = Pick<Tap, 'buf' | 'pos'>

class Walk {
  readonly #path: string[] = []
  readonly #limits: Limits
  readonly #tap: Place
  /** Where the value begins that is to be named, if there is one. */
  readonly #soughtAt: number
  foundPath: string | undefined

  constructor(tap: Place, limits: Limits, soughtAt: number) {
    this.#tap = tap
    this.#limits = limits
    this.#soughtAt = soughtAt
  }

  get path(): string {
    return this.#path.join('.')
  }

  value(schema: Schema): void {
    const tap = this.#tap
    if (tap.pos <= this.#soughtAt) this.foundPath = this.path
    switch (schema.type) {
      case 'null':
        return
      case 'boolean':
        return this.#boolean()
      case 'int':
        return void readInt(tap as Tap)
      case 'long':
        return void readBigint(tap as Tap)
      case 'float':
        return this.#pass(4)
      case 'double':
        return this.#pass(8)
      case 'fixed':
        return this.#pass(schema.sizeBytes)
      case 'bytes':
      case 'string':
        return void this.#text()
      case 'enum':
        return void this.#index(schema.symbols.length, 'the enum', 'symbols')
      case 'union':
        enter(tap.pos)
        this.value(schema.branches[this.#index(schema.branches.length, 'the union', 'branches')]!)
        return leave()
      case 'array':
        return this.#blocks(bytesMin(schema.items), index => this.#at(String(index), schema.items))
      case 'map':
        return this.#blocks(1 + bytesMin(schema.values), () => this.#at(this.#text(), schema.values))
      case 'record':
        for (const field of schema.fields) this.#at(field.name, field.type)
    }
  }

  #at(step: string, schema: Schema): void {
    this.#path.push(step)
    this.value(schema)
    this.#path.pop()
  }

  #pass(bytes: number): void {
    if (this.#tap.pos + bytes > this.#tap.buf.length) throw new Fault(this.#tap.pos, endsEarly)
    this.#tap.pos += bytes
  }

  #boolean(): void {
    const at = this.#tap.pos
    this.#pass(1)
    if (this.#tap.buf[at]! > 1) throw new Fault(at, `${this.#tap.buf[at]} is no boolean: one is a byte of 0 or 1`)
  }

  #index(count: number, what: string, parts: string): number {
    const at = this.#tap.pos
    const index = readCount(this.#tap as Tap)
    if (!(index >= 0 && index < count)) throw new Fault(at, `${index} is out of range: ${what} has ${count} ${parts}`)
    return index
  }

  /** Passes a text and returns its beginning, for the path: only map keys are looked at. */
  #text(): string {
    const at = this.#tap.pos
    const length = readCount(this.#tap as Tap)
    if (length < 0) throw new Fault(at, `a length of ${length} bytes is impossible`)
    const left = this.#tap.buf.length - this.#tap.pos
    if (length > left) throw new Fault(at, `${length} bytes of text or binary are announced and only ${left} are left`)
    if (length > this.#limits.textBytesMax)
      throw new Fault(at, `${length} bytes of text or binary are more than ${this.#limits.textBytesMax} (textBytesMax)`)
    const from = this.#tap.pos
    this.#tap.pos += length
    return this.#tap.buf.toString('utf8', from, from + Math.min(length, keyBytesShown))
  }

  #blocks(itemBytesMin: number, item: (index: number) => void): void {
    const tap = this.#tap
    enter(tap.pos)
    for (let index = 0; ; ) {
      const at = tap.pos
      let count = readCount(tap as Tap)
      if (count === 0) return leave()
      if (count < 0) {
        count = -count
        readCount(tap as Tap)
      }
      if (count * itemBytesMin > tap.buf.length - tap.pos)
        throw new Fault(
          at,
          `${count} items are announced and do not fit into the ${tap.buf.length - tap.pos} bytes left`,
        )
      takeItems(count, at)
      for (; count > 0; count--) item(index++)
    }
  }
}

const keyBytesShown = 60

/** What is wrong with a datum, or undefined when nothing is. */
export const wrongIn = (schema: Schema, buf: Buffer, from: number, limits: Limits): Wrong | undefined => {
  const tap = { buf, pos: from }
  const walk = new Walk(tap, limits, -1)
  beginDatum(limits)
  try {
    walk.value(schema)
  } catch (error) {
    if (error instanceof Fault) return { path: walk.path, offset: error.offset, problem: error.message }
    if (error instanceof RangeError) return { path: '', offset: tap.pos, problem: 'nested too deep' }
    throw error
  }
  if (tap.pos === buf.length) return undefined
  return { path: '', offset: tap.pos, problem: `${buf.length - tap.pos} bytes follow after the end of the datum` }
}

/** The path of the value that stands at an offset of a well-formed datum. */
export const pathAt = (schema: Schema, buf: Buffer, from: number, limits: Limits, offset: number): string => {
  const walk = new Walk({ buf, pos: from }, limits, offset)
  beginDatum(limits)
  try {
    walk.value(schema)
  } catch {
    // What was found before the failure is still the answer.
  }
  return walk.foundPath ?? ''
}
