import type { Reset } from '../../topology/ports/operations.ts'
import type { Environment } from '../lmdb/environment.ts'
import type { LmdbStores } from '../lmdb/store.ts'
import type { Partitions } from './partitions.ts'
import type { Positions } from './positions.ts'
import type { TopicList } from './topic-list.ts'

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

  /** Groups begin anew: at the first record of each topic, with empty stores and exchanges. */
  reset({ groups, exchanges, changelogs }: Reset): void {
    const own = this.#stores
      .sizes()
      .map(({ name }) => name)
      .filter(name => changelogs.some(changelog => name.startsWith(`${changelog}/`)))
    this.#transaction(() => {
      for (const group of groups) {
        this.#positions.forgetGroup(group)
        this.#positions.nextEpoch(group)
      }
      for (const name of own) this.#stores.empty(name)
      for (const name of exchanges) {
        const kept = this.#list.get(name)
        if (kept !== undefined) this.#partitions.purge(kept)
      }
    })
  }

  #transaction(work: () => void): void {
    this.#list.undoing(() => this.#environment.transaction(work, { frees: true }))
  }
}
