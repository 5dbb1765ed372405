import { messageOf } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Fetched, Partition } from '../ports/log.ts'
import type { Observer } from '../ports/observer.ts'
import type { Codecs } from './codecs.ts'

/** After a failure to fetch a schema, the partition waits this long before the next try. */
const retryMs = 1_000

/** Holds what was read until its codecs can decode it: a schema that is new is fetched ahead, and only its partition waits. */
export class Ahead {
  readonly #codecs: Codecs
  readonly #clock: Clock
  readonly #observer: Observer
  #held: Fetched[] = []
  readonly #retryAt = new Map<string, number>()

  constructor(codecs: Codecs, clock: Clock, observer: Observer) {
    this.#codecs = codecs
    this.#clock = clock
    this.#observer = observer
  }

  add(fetched: Fetched): void {
    this.#held.push(fetched)
  }

  /** Whether records of this partition wait for a schema. */
  holds({ topic, partition }: Partition): boolean {
    return this.#held.some(held => held.topic === topic && held.partition === partition)
  }

  /** Partitions whose records wait for a schema. */
  get held(): readonly Partition[] {
    return this.#held
  }

  clear(): void {
    this.#held = []
  }

  /** What can be decoded now, in the order of its partition. */
  async ready(): Promise<readonly Fetched[]> {
    if (this.#held.length === 0) return this.#held
    const held = this.#held
    const ready: Fetched[] = []
    const waiting = new Set<string>()
    this.#held = []
    for (const fetched of held) {
      const name = `${fetched.topic}/${fetched.partition}`
      if (!waiting.has(name) && (await this.#prepared(name, fetched))) ready.push(fetched)
      else {
        waiting.add(name)
        this.#held.push(fetched)
      }
    }
    return ready
  }

  async #prepared(name: string, { topic, records }: Fetched): Promise<boolean> {
    const { key, value } = this.#codecs.get(topic)!
    if (key.prepare === undefined && value.prepare === undefined) return true
    const retryAt = this.#retryAt.get(name)
    if (retryAt !== undefined && this.#clock.now() < retryAt) return false
    try {
      for (const record of records) {
        const missing = [record.key && key.prepare?.(record.key), record.value && value.prepare?.(record.value)]
        for (const promise of missing) if (promise) await promise
      }
      this.#retryAt.delete(name)
      return true
    } catch (error) {
      this.#retryAt.set(name, this.#clock.now() + retryMs)
      this.#observer.note?.('warn', `${name} waits for a schema: ${messageOf(error)}`, { topic })
      return false
    }
  }
}
