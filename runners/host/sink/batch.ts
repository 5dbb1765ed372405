import { TopologyError } from '../../../topology/index.ts'
import type { Outgoing } from '../../../topology/ports/connectors.ts'
import type { Fetched, Partition, Position, StoredRecord } from '../../../topology/ports/log.ts'
import type { Codecs } from '../../../topology/task/codecs.ts'

/** A record of the log that the sink will not get, and why. */
export interface Failed extends Partition {
  readonly stored: StoredRecord
  readonly error: TopologyError
}

/** What was fetched, as the sink gets it: decoded, with what could not be decoded beside it. */
export interface Batch {
  readonly outgoing: readonly Outgoing<unknown, unknown>[]
  /** The bytes of each, for a dead letter. */
  readonly stored: ReadonlyMap<Outgoing<unknown, unknown>, StoredRecord>
  readonly failed: readonly Failed[]
  /** Where each partition stands once all of this is done. */
  readonly positions: readonly Position[]
}

/** Decodes what was fetched. Rejects where a schema is out of reach for now: the batch waits. */
export const decoded = async (at: string, fetched: readonly Fetched[], codecs: Codecs): Promise<Batch> => {
  const outgoing: Outgoing<unknown, unknown>[] = []
  const stored = new Map<Outgoing<unknown, unknown>, StoredRecord>()
  const failed: Failed[] = []
  const positions: Position[] = []
  for (const { topic, partition, records, next } of fetched) {
    for (const record of records) {
      const place = { topic, partition }
      try {
        const { offset, timestamp, headers } = record
        const out = { ...place, offset, timestamp, headers, ...(await contentOf(at, place, record, codecs)) }
        outgoing.push(out)
        stored.set(out, record)
      } catch (error) {
        if (!(error instanceof TopologyError)) throw error
        failed.push({ ...place, stored: record, error })
      }
    }
    if (records.length > 0) positions.push({ topic, partition, offset: next })
  }
  return { outgoing, stored, failed, positions }
}

const contentOf = async (at: string, place: Partition, record: StoredRecord, codecs: Codecs) => {
  const pair = codecs.get(place.topic)!
  const content = { key: null as unknown, value: null as unknown }
  for (const part of ['key', 'value'] as const) {
    const bytes = record[part]
    if (bytes === null) continue
    await pair[part].prepare?.(bytes)
    try {
      content[part] = pair[part].decode(bytes)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new TopologyError('BYTES_WRONG', at, `the ${part} of ${placeOf(place, record.offset)}: ${why}`, error)
    }
  }
  return content
}

export const placeOf = ({ topic, partition }: Partition, offset: number): string =>
  `${topic}-${partition}, offset ${offset}`
