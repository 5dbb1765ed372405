// Walk. Goes through a datum by its writer's schema without making anything, to say where it is wrong: it is slow and
// runs only after a failure, or ahead of a datum so long that a single text in it might be beyond its limit.
import type { Schema } from '../avro/schema.ts'
import { type Tap, tapOn } from './avsc.ts'
import { beginDatum, enter, leave } from './budget.ts'
import { bytesMin } from './compile.ts'
import { readBlock } from './containers.ts'
import { endsEarly, Fault } from './fault.ts'
import type { Limits } from './limits.ts'
import { readBoolean } from './numbers.ts'
import { pathText } from './path.ts'
import { readBigint, readCount, readInt } from './varint.ts'

export interface Wrong {
  /** `contact.mail`, `tags.3`; empty for the datum as a whole. */
  readonly path: string
  readonly offset: number
  readonly problem: string
}

class Walk {
  readonly #path: string[] = []
  readonly #limits: Limits
  readonly #tap: Tap
  /** Where the value begins that is to be named, if there is one. */
  readonly #soughtAt: number
  foundPath: string | undefined

  constructor(tap: Tap, limits: Limits, soughtAt: number) {
    this.#tap = tap
    this.#limits = limits
    this.#soughtAt = soughtAt
  }

  get path(): string {
    return pathText(this.#path)
  }

  value(schema: Schema): void {
    const tap = this.#tap
    if (tap.pos <= this.#soughtAt) this.foundPath = this.path
    switch (schema.type) {
      case 'union':
        this.#branch(schema.branches)
        break
      case 'array':
        this.#blocks(bytesMin(schema.items), index => this.#at(String(index), schema.items))
        break
      case 'map':
        this.#blocks(1 + bytesMin(schema.values), () => this.#at(this.#text(), schema.values))
        break
      case 'record':
        for (const field of schema.fields) this.#at(field.name, field.type)
        break
      default:
        this.#leaf(schema)
    }
  }

  #leaf(schema: Schema): void {
    const tap = this.#tap
    if (schema.type === 'boolean') readBoolean(tap)
    else if (schema.type === 'int') readInt(tap)
    else if (schema.type === 'long') readBigint(tap)
    else if (schema.type === 'bytes' || schema.type === 'string') this.#text()
    else if (schema.type === 'enum') this.#index(schema.symbols.length, 'the enum', 'symbols')
    else this.#pass(bytesMin(schema))
  }

  #branch(branches: readonly Schema[]): void {
    const at = this.#tap.pos
    const branch = branches[this.#index(branches.length, 'the union', 'branches')]!
    const nests = ['record', 'array', 'map'].includes(branch.type)
    if (nests) enter(at)
    this.value(branch)
    if (nests) leave()
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

  #index(count: number, what: string, parts: string): number {
    const at = this.#tap.pos
    const index = readCount(this.#tap)
    if (!(index >= 0 && index < count)) throw new Fault(at, `${index} is out of range: ${what} has ${count} ${parts}`)
    return index
  }

  /** Passes a text and returns its beginning, for the path: only map keys are looked at. */
  #text(): string {
    const at = this.#tap.pos
    const length = readCount(this.#tap)
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
    let count = readBlock(this.#tap, itemBytesMin)
    if (count === 0) return
    enter(this.#tap.pos)
    for (let index = 0; count > 0; count = readBlock(this.#tap, itemBytesMin)) {
      for (; count > 0; count--) item(index++)
    }
    leave()
  }
}

const keyBytesShown = 60

/** What is wrong with a datum, or undefined when nothing is. */
export const wrongIn = (schema: Schema, buf: Buffer, from: number, limits: Limits): Wrong | undefined => {
  const tap = tapOn(buf, from)
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
  const walk = new Walk(tapOn(buf, from), limits, offset)
  beginDatum(limits)
  try {
    walk.value(schema)
  } catch {
    // What was found before the failure is still the answer.
  }
  return walk.foundPath ?? ''
}
