// What becomes of a batch beside that it was delivered: dead letters, reports, and what the sink appends.
import { TopologyError } from '../../../topology/index.ts'
import type { Codec } from '../../../topology/ports/codec.ts'
import type { Delivery, TopicOf } from '../../../topology/ports/connectors.ts'
import type { LogRecord, Partition } from '../../../topology/ports/log.ts'
import type { CodecPair, Codecs } from '../../../topology/task/codecs.ts'
import { partitionOf } from '../../../topology/task/partitioner.ts'
import { deadLetter, reportOf, reportRecord } from '../../../topology/task/policy.ts'
import { Encoder } from '../records.ts'
import type { World } from '../world.ts'
import { type Batch, type Failed, placeOf } from './batch.ts'

type Placed = readonly [to: Partition, record: LogRecord]

export class Outcomes {
  readonly #world: World
  readonly #group: string
  readonly #codecs: Codecs
  readonly #encoders = new Map<string, Encoder>()

  constructor(world: World, group: string, codecs: Codecs) {
    this.#world = world
    this.#group = group
    this.#codecs = codecs
  }

  /** What the commit of a batch appends; throws where the policy is to stop. */
  async appends(batch: Batch, delivery: Delivery | undefined): Promise<Placed[]> {
    const refused = (delivery?.refused ?? []).map(({ record, reason }): Failed => {
      const stored = batch.stored.get(record)
      const { topic, partition, offset } = record
      if (stored === undefined)
        throw new TopologyError('BROKEN', this.#group, `it refuses ${placeOf(record, offset)}, which it was not given`)
      return { topic, partition, stored, error: new TopologyError('REFUSED', this.#group, reason) }
    })
    const letters = [...batch.failed, ...refused].flatMap(failed => this.#met(failed))
    const own: Placed[] = []
    for (const append of delivery?.appends ?? [])
      own.push((await this.#encoderOf(append.topic)).encode({ key: append.key, value: append.value }))
    return [...letters, ...own]
  }

  #met({ topic, partition, stored, error }: Failed): Placed[] {
    const { plan, observer, counts } = this.#world
    const { policy, reports } = plan.graph.errors
    if (policy === 'fail') {
      observer.failed?.(this.#group, 'fail', error)
      throw new TopologyError(
        error.code,
        `${this.#group} (${placeOf({ topic, partition }, stored.offset)})`,
        error.detail,
      )
    }
    observer.failed?.(this.#group, policy === 'skip' ? 'skip' : 'dead letter', error)
    if (policy === 'skip') return []
    const origin = { topic, partition, record: stored }
    const to = (name: string, record: LogRecord): Placed => {
      const count = counts.get(name)!
      return [
        { topic: name, partition: record.key === null ? partition % count : partitionOf(record.key, count) },
        record,
      ]
    }
    const letter = to(policy.deadLetter, deadLetter(origin, error))
    if (reports === undefined) return [letter]
    const report = reportRecord(reportOf(plan.name, origin, error, policy.deadLetter), this.#codecs.get(reports.name)!)
    return [letter, to(reports.name, report)]
  }

  /** Topics that a sink appends to need not be known to its topology. */
  async #encoderOf(topic: TopicOf<unknown, unknown>): Promise<Encoder> {
    const known = this.#encoders.get(topic.name)
    if (known !== undefined) return known
    const { log, registry, partitionsDefault, counts } = this.#world
    let count = counts.get(topic.name) ?? (await log.topic(topic.name))?.partitions
    if (count === undefined) {
      if (partitionsDefault === undefined)
        throw new TopologyError('TOPIC_MISSING', this.#group, `there is no topic "${topic.name}"`)
      count = partitionsDefault
      await log.create([{ name: topic.name, partitions: count, cleanup: 'delete' }])
    }
    const open = async (part: 'key' | 'value') =>
      (await topic[part].open({ topic: topic.name, part }, registry)) as Codec<unknown, unknown>
    const codecs: CodecPair = { key: await open('key'), value: await open('value') }
    const encoder = new Encoder(this.#group, topic.name, codecs, count)
    this.#encoders.set(topic.name, encoder)
    return encoder
  }
}
