import type { Partition, Position } from '../../topology/ports/log.ts'
import type { Bytes, Environment } from '../lmdb/environment.ts'
import { after, numberKey } from '../lmdb/keys.ts'

const keyOf = (group: string, { topic, partition }: Partition): Buffer =>
  Buffer.from(`${group}\0${topic}\0${partition}`)

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

  /** Inside a transaction only: the group begins anew. */
  forgetGroup(group: string): void {
    const start = Buffer.from(`${group}\0`)
    for (const key of [...this.#positions.getKeys({ start, end: after(start) })]) this.#positions.remove(key)
  }

  /** Inside a transaction only. */
  forgetTopic(topic: string): void {
    for (const key of this.#ofTopic(topic)) this.#positions.remove(key)
  }

  #ofTopic(topic: string): Uint8Array[] {
    return [...this.#positions.getKeys({})].filter(key => Buffer.from(key).toString().split('\0')[1] === topic)
  }

  /** How far the last of all groups that read a partition has come; undefined: nobody reads it. */
  least({ topic, partition }: Partition): number | undefined {
    const found = this.#ofTopic(topic).flatMap(key => {
      const [group, , number] = Buffer.from(key).toString().split('\0')
      return Number(number) === partition ? this.get(group!, { topic, partition }) : []
    })
    return found.length === 0 ? undefined : Math.min(...found)
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
