import type { Partition, Position } from '../../topology/ports/log.ts'
import type { Bytes, Environment } from '../lmdb/environment.ts'
import { after, numberKey } from '../lmdb/keys.ts'

const keyOf = (group: string, { topic, partition }: Partition): Buffer =>
  Buffer.from(`${group}\0${topic}\0${partition}`)

/** Where one group stands. */
export interface Standing {
  readonly group: string
  readonly positions: readonly Position[]
}

/** How far each group has come in each partition, and which of its members is the newest. */
export class Positions {
  readonly #positions: Bytes
  readonly #epochs: Bytes

  constructor(environment: Environment) {
    this.#positions = environment.database('positions')
    this.#epochs = environment.database('epochs')
  }

  /** The next offset to read. */
  get(group: string, at: Partition): number {
    const found = this.#positions.get(keyOf(group, at))
    return found === undefined ? 0 : Buffer.from(found).readUIntBE(0, 6)
  }

  /** Inside a transaction only. */
  set(group: string, positions: readonly Position[]): void {
    for (const { topic, partition, offset } of positions) {
      this.#positions.put(keyOf(group, { topic, partition }), numberKey([offset, 6]))
    }
  }

  /** Where every group stands that has ever committed a position. */
  standings(): Standing[] {
    const groups = new Map<string, Position[]>()
    for (const { key, value } of this.#positions.getRange({})) {
      const [group, topic, partition] = Buffer.from(key).toString().split('\0') as [string, string, string]
      const positions = groups.get(group) ?? []
      positions.push({ topic, partition: Number(partition), offset: Buffer.from(value).readUIntBE(0, 6) })
      groups.set(group, positions)
    }
    return [...groups].map(([group, positions]) => ({ group, positions }))
  }

  /** Inside a transaction only: the group begins anew. */
  forgetGroup(group: string): void {
    const start = Buffer.from(`${group}\0`)
    for (const key of [...this.#positions.getKeys({ start, end: after(start) })]) this.#positions.remove(key)
  }

  /** Inside a transaction only. */
  forgetTopic(topic: string): void {
    for (const { group, positions } of this.standings()) {
      for (const at of positions) if (at.topic === topic) this.#positions.remove(keyOf(group, at))
    }
  }

  /** How far the last of all groups that read a partition has come; undefined: nobody reads it. */
  least({ topic, partition }: Partition): number | undefined {
    const offsets = this.standings().flatMap(({ positions }) =>
      positions.filter(at => at.topic === topic && at.partition === partition).map(({ offset }) => offset),
    )
    return offsets.length === 0 ? undefined : Math.min(...offsets)
  }

  epoch(group: string): number {
    const found = this.#epochs.get(Buffer.from(group))
    return found === undefined ? 0 : Buffer.from(found).readUIntBE(0, 6)
  }

  /** Inside a transaction only: whoever was a member before is none any more. */
  nextEpoch(group: string): number {
    const next = this.epoch(group) + 1
    this.#epochs.put(Buffer.from(group), numberKey([next, 6]))
    return next
  }
}
