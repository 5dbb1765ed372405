import type { Note } from '../../topology/ports/connectors.ts'
import type { Partition, StoreName } from '../../topology/ports/log.ts'
import type { Administration } from './admin.ts'
import type { Stores } from './stores.ts'

/** Stores of others are brought up to date this often. */
const followMs = 2_000

/** The partitions of one of several members, in their order, as the range assignors of Kafka give them. */
export const rangeOf = (partitions: number, members: number, member: number): readonly number[] => {
  const least = Math.floor(partitions / members)
  const more = partitions % members
  const start = member * least + Math.min(member, more)
  return Array.from({ length: least + (member < more ? 1 : 0) }, (_, index) => start + index)
}

/** What a member would get if any one of the others left, and has not got now. */
export const followedBy = (partitions: number, members: number, member: number): readonly number[] => {
  if (members < 2) return []
  const own = new Set(rangeOf(partitions, members, member))
  const others = Array.from({ length: members }, (_, other) => other).filter(other => other !== member)
  const wanted = others.flatMap(other => rangeOf(partitions, members - 1, other < member ? member - 1 : member))
  return [...new Set(wanted)].filter(partition => !own.has(partition)).sort((one, other) => one - other)
}

/** Keeps copies of the stores that this instance would get if any one other left, so that a moved task is ready at once. */
export class Standby {
  readonly #admin: Administration
  readonly #stores: Stores
  readonly #group: string
  readonly #instance: string
  readonly #note: Note | undefined
  readonly #known = new Map<string, StoreName>()
  readonly #owned: () => readonly Partition[]
  readonly #told = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #following: Promise<void> | undefined

  constructor(
    admin: Administration,
    stores: Stores,
    { group, instance, note }: { group: string; instance: string; note: Note | undefined },
    owned: () => readonly Partition[],
  ) {
    this.#admin = admin
    this.#stores = stores
    this.#group = group
    this.#instance = instance
    this.#note = note
    this.#owned = owned
  }

  /** A store that was opened here: its like in other partitions are worth following. */
  know(name: StoreName): void {
    this.#known.set(`${name.changelog} ${name.store}`, name)
    this.#timer ??= setInterval(() => this.#follow(), followMs).unref()
  }

  #follow(): void {
    this.#following ??= this.#followAll()
      .catch((error: Error) =>
        this.#note?.('warn', `copies of the stores of others are not up to date: ${error.message}`),
      )
      .finally(() => {
        this.#following = undefined
      })
  }

  async #followAll(): Promise<void> {
    const members = [...((await this.#admin.group(this.#group))?.members ?? [])]
    const keyOf = ({ groupInstanceId, memberId }: (typeof members)[number]): string => groupInstanceId || memberId
    members.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
    const at = members.findIndex(({ clientId }) => clientId === this.#instance)
    if (at < 0) return
    for (const { store, changelog } of this.#known.values()) {
      const partitions = (await this.#admin.topic(changelog))?.partitions ?? 0
      for (const partition of followedBy(partitions, members.length, at)) {
        // What a task of ours works on is not to be touched.
        if (this.#owned().some(owned => owned.partition === partition)) continue
        await this.#stores.follow({ store, changelog, partition })
        this.#tell(`${changelog}-${partition}`)
      }
    }
  }

  #tell(changelog: string): void {
    if (this.#told.has(changelog)) return
    this.#told.add(changelog)
    this.#note?.('info', `a copy of ${changelog} is up to date here, should its owner leave`, { topology: this.#group })
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#following
  }
}
