// Writers. Owns: the schemas that a registry was asked for by id, and the requests under way. One per registry and way
// of reading longs, shared by all codecs, so that an id is asked for once.
// W1  an id has at most one request under way.  W2  a failure is forgotten at once, so the next call asks again.
import type { Registry } from '../../topology/index.ts'
import { parseSchema } from '../avro/parse.ts'
import type { Schema } from '../avro/schema.ts'
import type { AvroType } from './avsc.ts'
import { compileWriter } from './compile.ts'
import type { LongMode } from './shape.ts'

const limits = {
  /** For so long the registry's word that it knows no such id is taken without asking again. */
  absentMs: 10_000,
  /** Ids made up by a broken writer must not fill the memory. */
  absentMax: 10_000,
} as const

/** What an id stands for, or why nothing can be read with it. */
export type Writer =
  | { readonly schema: Schema; readonly type: AvroType }
  | { readonly problem: string; readonly fix: string }

export class Writers {
  readonly #registry: Registry
  readonly #long: LongMode
  readonly #known = new Map<number, Writer>()
  /** The ids that the registry did not know, with the time until which that is believed, oldest first. */
  readonly #absent = new Map<number, number>()
  readonly #asked = new Map<number, Promise<void>>()

  constructor(registry: Registry, long: LongMode) {
    this.#registry = registry
    this.#long = long
  }

  /** Undefined when the id was not asked for, or only so long ago that the answer no longer counts. */
  get(id: number): Writer | undefined {
    const writer = this.#known.get(id)
    if (writer !== undefined || !this.#absent.has(id)) return writer
    const fix = 'check that the writer and this program use the same registry'
    return { problem: `the registry knows no schema of the id ${id}`, fix }
  }

  /** Undefined when the id is known, or was lately said to be unknown. */
  prepare(id: number): Promise<void> | undefined {
    if (this.#known.has(id) || this.#isAbsent(id)) return undefined
    const asked = this.#asked.get(id) ?? this.#ask(id).finally(() => this.#asked.delete(id))
    this.#asked.set(id, asked)
    return asked
  }

  #isAbsent(id: number): boolean {
    const until = this.#absent.get(id)
    return until !== undefined && performance.now() < until
  }

  async #ask(id: number): Promise<void> {
    const text = await this.#registry.schemaOf(id)
    this.#absent.delete(id)
    if (text === undefined) {
      this.#absent.set(id, performance.now() + limits.absentMs)
      if (this.#absent.size > limits.absentMax) this.#absent.delete(this.#absent.keys().next().value!)
      return
    }
    // An answer that is no JSON comes from something between us and the registry, and may be right the next time.
    if (!isJson(text)) {
      const begin = JSON.stringify(String(text).slice(0, 80))
      throw new Error(`the registry's answer for schema ${id} is no schema in JSON: ${begin}`)
    }
    this.#known.set(id, this.#compiled(text))
  }

  #compiled(text: string): Writer {
    try {
      const schema = parseSchema(JSON.stringify(JSON.parse(text, withoutDefault)), { accept: 'apache' })
      return { schema, type: compileWriter(schema, this.#long) }
    } catch (error) {
      return {
        problem: `its schema cannot be used: ${error instanceof Error ? error.message : String(error)}`,
        fix: 'correct the schema of the writer',
      }
    }
  }
}

/** Registries keep schemas whose defaults are invalid, and what they wrote can be read all the same. */
const withoutDefault = (key: string, member: unknown): unknown =>
  key === 'fields' && Array.isArray(member) ? member.map(field => ({ ...field, default: undefined })) : member

const isJson = (text: unknown): boolean => {
  try {
    return typeof text === 'string' && JSON.parse(text) !== null
  } catch {
    return false
  }
}

const shared = new WeakMap<Registry, Partial<Record<LongMode, Writers>>>()

export const writersOf = (registry: Registry, long: LongMode): Writers => {
  const both = shared.get(registry) ?? {}
  shared.set(registry, both)
  both[long] ??= new Writers(registry, long)
  return both[long]
}
