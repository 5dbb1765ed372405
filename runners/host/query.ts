import type { Plan } from '../../topology/plan/plan.ts'
import type { CodecPair } from '../../topology/task/codecs.ts'
import { type Found, type Look, lookInto } from '../../topology/task/look.ts'
import { partitionOf } from '../../topology/task/partitioner.ts'
import type { Watch } from './watch/watch.ts'

/** What one question may give at most, and what is gone through to find it. */
const limits = { entriesDefault: 100, entriesMax: 1_000, scannedMax: 100_000 } as const

/** A question that cannot be answered: the words say why, and what to ask instead. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  /** `missing`: there is no such store. `wrong`: it cannot be asked so. `elsewhere`: not in this process, or not yet. */
  readonly reason: 'missing' | 'wrong' | 'elsewhere'

  constructor(reason: QueryError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

export interface RangeOptions {
  /** The first key; of windowed stores the first start, in milliseconds. */
  readonly from?: unknown
  /** The first one beyond the end. */
  readonly to?: unknown
  readonly limit?: number | undefined
}

/**
 * A store, looked into while its topology runs: what is committed, and nothing else. Each partition is in the order of
 * its keys' bytes.
 */
export interface StoreQuery {
  readonly name: string
  readonly windowed: boolean
  /** The value of a key; undefined: it has none. */
  get(key: unknown): unknown
  /** The windows of a key, by their starts. */
  windows(key: unknown, options?: RangeOptions): readonly Found[]
  /** Entries of every partition that is here, up to the limit. */
  range(options?: RangeOptions): readonly Found[]
}

/** Opens the stores of a topology for questions. */
export class Queries {
  readonly #plan: Plan
  readonly #watch: Watch
  readonly #codecs: ReadonlyMap<string, CodecPair>
  readonly #counts: ReadonlyMap<string, number>

  constructor(watch: Watch, codecs: ReadonlyMap<string, CodecPair>, counts: ReadonlyMap<string, number>) {
    this.#plan = watch.plan
    this.#watch = watch
    this.#codecs = codecs
    this.#counts = counts
  }

  /** Stores that can be asked, by name. */
  get names(): readonly string[] {
    return this.#stores.filter(({ look }) => look !== undefined).map(({ name }) => name)
  }

  get #stores() {
    return this.#plan.parts
      .flatMap(part => part.stores)
      .filter(({ facts }) => facts.sourceTopic === undefined)
      .map(({ facts, changelog }) => ({
        name: facts.name,
        changelog,
        look: lookInto(facts, this.#codecs.get(changelog)!),
      }))
  }

  query(name: string): StoreQuery {
    const store = this.#stores.find(store => store.name === name)
    if (store?.look === undefined) {
      const why = store === undefined ? `has no store "${name}"` : `keeps "${name}" for itself`
      throw new QueryError(
        'missing',
        `${this.#plan.name} ${why}. Stores to ask are: ${this.names.join(', ') || 'none'}.`,
      )
    }
    return this.#asked(name, store.changelog, store.look)
  }

  #asked(name: string, changelog: string, look: Look): StoreQuery {
    const count = this.#counts.get(changelog) ?? 0
    const partitions = () => Array.from({ length: count }, (_, partition) => partition)
    const open = (partition: number) =>
      this.#watch.log.members.get(this.#plan.name)?.stores.get(`${changelog}/${partition}`)?.content
    const here = (key: unknown) => {
      const partition = partitionOf(
        encoded(() => look.placedBy(key)),
        count,
      )
      const content = open(partition)
      if (content !== undefined) return content
      const where = `partition ${partition} of "${name}"`
      throw new QueryError('elsewhere', `${where} is not here: another instance has it, or it is being opened.`)
    }
    const only = (windowed: boolean, instead: string) => {
      if (look.windowed !== windowed)
        throw new QueryError('wrong', `"${name}" is ${look.windowed ? '' : 'not '}windowed: ask it by ${instead}.`)
    }
    return {
      name,
      windowed: look.windowed,
      get(key) {
        only(false, 'windows(key, { from, to })')
        return look.get(here(key), key)?.value
      },
      windows(key, options = {}) {
        only(true, 'get(key)')
        const range = { ...options, key, entriesMax: limitOf(options), scannedMax: limits.scannedMax }
        return look.range(here(key), range).sort((one, other) => one.start! - other.start!)
      },
      range(options = {}) {
        const entriesMax = limitOf(options)
        const found: Found[] = []
        for (const partition of partitions()) {
          const content = open(partition)
          if (content === undefined || found.length >= entriesMax) continue
          const range = { ...options, entriesMax: entriesMax - found.length, scannedMax: limits.scannedMax }
          found.push(...encoded(() => look.range(content, range)))
        }
        return found
      },
    }
  }
}

const limitOf = ({ limit = limits.entriesDefault }: RangeOptions): number => {
  if (Number.isInteger(limit) && limit > 0 && limit <= limits.entriesMax) return limit
  throw new QueryError('wrong', `a limit is a whole number from 1 to ${limits.entriesMax}, not ${limit}.`)
}

/** A key that the store's format cannot write is the asker's mistake. */
const encoded = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    throw new QueryError('wrong', `the store has no such keys: ${(error as Error).message}`)
  }
}
