import type { Environment } from '../lmdb/environment.ts'
import type { LmdbStores } from '../lmdb/store.ts'
import type { Partitions } from './partitions.ts'
import type { Positions } from './positions.ts'
import type { TopicList } from './topic-list.ts'

/** What a group has of its own, and loses when it begins anew. */
export interface Reset {
  /** By the names of their changelogs. */
  readonly stores: readonly string[]
  readonly exchanges: readonly string[]
}

/** What people take out of a data folder, each in one transaction. */
export class Removal {
  readonly #environment: Environment
  readonly #list: TopicList
  readonly #partitions: Partitions
  readonly #positions: Positions
  readonly #stores: LmdbStores

  constructor(
    environment: Environment,
    list: TopicList,
    partitions: Partitions,
    positions: Positions,
    stores: LmdbStores,
  ) {
    this.#environment = environment
    this.#list = list
    this.#partitions = partitions
    this.#positions = positions
    this.#stores = stores
  }

  topic(name: string): void {
    const kept = this.#list.get(name)
    if (kept === undefined) throw new RangeError(`there is no topic "${name}"`)
    this.#transaction(() => {
      this.#partitions.removeAll(kept)
      this.#positions.forgetTopic(name)
      this.#list.remove(name)
    })
  }

  reset(group: string, { stores, exchanges }: Reset): void {
    const own = this.#stores
      .sizes()
      .map(({ name }) => name)
      .filter(name => stores.some(changelog => name.startsWith(`${changelog}/`)))
    this.#transaction(() => {
      this.#positions.forgetGroup(group)
      this.#positions.nextEpoch(group)
      for (const name of own) this.#stores.empty(name)
      for (const name of exchanges) {
        const kept = this.#list.get(name)
        if (kept === undefined) continue
        this.#partitions.removeAll(kept)
        this.#list.renew(kept)
      }
    })
  }

  #transaction(work: () => void): void {
    this.#list.undoing(() => this.#environment.transaction(work, { frees: true }))
  }
}
