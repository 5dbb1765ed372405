import { randomUUID } from 'node:crypto'
import type { TopicInfo, TopicSettings } from '../../topology/ports/log.ts'
import type { Bytes, Environment } from '../lmdb/environment.ts'
import { damaged } from '../lmdb/errors.ts'
import { numberKey } from '../lmdb/keys.ts'

/** A topic as the data folder keeps it; its number stands in the keys of its batches, and is never given again. */
export interface KeptTopic extends TopicInfo, TopicSettings {
  readonly number: number
}

const generationKey = Buffer.from('topics')

/** The list of topics of a data folder. Other processes may change it, so each look-up asks which generation it is. */
export class TopicList {
  readonly #environment: Environment
  readonly #list: Bytes
  readonly #meta: Bytes
  readonly #known = new Map<string, KeptTopic>()
  #generation = -1

  constructor(environment: Environment) {
    this.#environment = environment
    this.#list = environment.database('topics')
    this.#meta = environment.database('meta')
  }

  /** Counts topics that were ever made, and deletions. */
  #currentGeneration(): number {
    const found = this.#meta.get(generationKey)
    return found === undefined ? 0 : Buffer.from(found).readUIntBE(0, 6)
  }

  #refresh(): void {
    const generation = this.#currentGeneration()
    if (generation === this.#generation) return
    this.#known.clear()
    for (const { key, value } of this.#list.getRange({}))
      this.#known.set(Buffer.from(key).toString(), this.#read(value))
    this.#generation = generation
  }

  #read(value: Uint8Array): KeptTopic {
    try {
      return JSON.parse(Buffer.from(value).toString()) as KeptTopic
    } catch (error) {
      throw damaged(this.#environment.folder, 'its list of topics cannot be read', error)
    }
  }

  get(name: string): KeptTopic | undefined {
    this.#refresh()
    return this.#known.get(name)
  }

  all(): KeptTopic[] {
    this.#refresh()
    return [...this.#known.values()]
  }

  /** Makes those that are missing; another process may be at it too. */
  create(topics: readonly TopicSettings[]): void {
    if (topics.every(({ name }) => this.get(name) !== undefined)) return
    this.undoing(() =>
      this.#environment.transaction(() => {
        for (const settings of topics) this.#make(settings)
      }),
    )
  }

  /** Where a transaction is undone, what was read inside it is forgotten too. */
  undoing<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      this.#generation = -1
      throw error
    }
  }

  #make(settings: TopicSettings): void {
    if (this.get(settings.name) !== undefined) return
    if (!(Number.isSafeInteger(settings.partitions) && settings.partitions > 0 && settings.partitions <= 0xffff))
      throw new RangeError(
        `a topic has 1 to 65535 partitions, and "${settings.name}" would have ${settings.partitions}`,
      )
    const number = this.#nextGeneration()
    const topic: KeptTopic = { ...settings, id: randomUUID(), number }
    this.#list.put(Buffer.from(settings.name), Buffer.from(JSON.stringify(topic)))
  }

  #nextGeneration(): number {
    const number = this.#currentGeneration()
    this.#meta.put(generationKey, numberKey([number + 1, 6]))
    return number
  }

  /** Inside a transaction only. Its batches and ends are for others to remove. */
  remove(name: string): void {
    this.#list.remove(Buffer.from(name))
    this.#nextGeneration()
  }
}
