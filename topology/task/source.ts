import { messageOf, TopologyError } from '../errors.ts'
import { textCodec } from '../formats.ts'
import type { ErrorPolicy, SourceFacts } from '../graph/graph.ts'
import type { Item } from '../operators/operator.ts'
import type { Clock } from '../ports/clock.ts'
import type { StoredRecord } from '../ports/log.ts'
import { isLeftPromise } from '../promise.ts'
import { type Claimed, claimOf } from './claims.ts'
import type { CodecPair } from './codecs.ts'
import { type QuietWord, quietOf } from './quiet.ts'

/** A record with what became of its bytes: an item, or the error that its policy will meet; neither where it only tells the time. */
export interface Decoded {
  readonly record: StoredRecord
  readonly timestamp: number
  readonly item: Item | undefined
  readonly error: TopologyError | undefined
  /** The time that it speaks for, where that is not its own: a record from an exchange behind a call. */
  readonly claimMs?: number | undefined
  /** It is no record: a writer of the exchange says that it is quiet. */
  readonly quiet?: QuietWord | undefined
}

const unclaimed = (record: StoredRecord): Claimed<StoredRecord> => ({ record, claimMs: undefined, passed: false })

/** One source of a task: turns records into items, in one place for every source and exchange. */
export class Source {
  readonly node: string
  readonly topic: string
  readonly policy: ErrorPolicy | undefined
  readonly dropsTombstones: boolean
  /** Its keys are text. */
  readonly isText: boolean
  readonly #codecs: CodecPair
  readonly #facts: SourceFacts | undefined
  readonly #clock: Clock

  constructor(node: string, topic: string, facts: SourceFacts | undefined, codecs: CodecPair, clock: Clock) {
    this.node = node
    this.topic = topic
    this.policy = facts?.onError
    this.dropsTombstones = facts?.tombstones === 'drop'
    this.isText = codecs.key === textCodec
    this.#codecs = codecs
    this.#facts = facts
    this.#clock = clock
  }

  decode(stored: StoredRecord): Decoded {
    // Without facts it is an exchange, whose records may carry a claim.
    const { record, claimMs, passed } = this.#facts === undefined ? claimOf(stored) : unclaimed(stored)
    const quiet = this.#facts === undefined ? quietOf(stored) : undefined
    if (passed || quiet)
      return { record, timestamp: record.timestamp, item: undefined, error: undefined, claimMs, quiet }
    let part = 'key'
    let item: Item
    try {
      const key = record.key === null ? null : this.#codecs.key.decode(record.key)
      part = 'value'
      const value = record.value === null ? null : this.#codecs.value.decode(record.value)
      part = 'timestamp'
      const extract = this.#facts?.timestamp
      // A deletion has nothing to take a time from.
      const extracted = extract !== undefined && value !== null
      const timestamp = extracted ? extract(value, record.timestamp) : record.timestamp
      item = { key, value, old: null, timestamp, headers: record.headers }
    } catch (error) {
      return this.#refused(
        record,
        'BYTES_WRONG',
        `the ${part} at offset ${record.offset} cannot be read: ${messageOf(error)}`,
        error,
      )
    }
    const wrong = this.#wrongTime(item.timestamp)
    if (wrong) return this.#refused(record, 'TIME_WRONG', `the timestamp of offset ${record.offset} ${wrong}`)
    return { record, timestamp: item.timestamp, item, error: undefined, claimMs }
  }

  #wrongTime(timestamp: number): string | undefined {
    if (!(timestamp >= 0 && Number.isSafeInteger(timestamp)))
      return `is ${isLeftPromise(timestamp) ? 'a promise' : timestamp}, not milliseconds since 1970`
    const { aheadMaxMs } = this.#facts ?? {}
    if (aheadMaxMs === undefined || timestamp - this.#clock.now() <= aheadMaxMs) return undefined
    return `is ${timestamp - this.#clock.now()} ms ahead of the clock, and at most ${aheadMaxMs} are allowed`
  }

  #refused(record: StoredRecord, code: 'BYTES_WRONG' | 'TIME_WRONG', detail: string, cause?: unknown): Decoded {
    const error = new TopologyError(code, `${this.topic}, ${this.node}`, detail, cause)
    return { record, timestamp: Math.max(0, record.timestamp || 0), item: undefined, error }
  }
}
