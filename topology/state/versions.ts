import type { Context, Row, StreamTime } from '../operators/operator.ts'
import { room } from '../room.ts'
import { after, dataTag, indexTag, type KeyCoder, keyCoder, sized, timeKey } from './keys.ts'
import { rowCodec } from './rows.ts'
import type { Staged, ValueCodec } from './staged.ts'
import { marker, TimeIndex } from './time-index.ts'

/** A value, or null where the row was deleted. */
const nullable = (value: ValueCodec<unknown>): ValueCodec<unknown> => ({
  encode(content) {
    if (content === null) return new Uint8Array(0)
    const bytes = value.encode(content)
    const written = room(1 + bytes.length)
    written[0] = 1
    written.set(bytes, 1)
    return written
  },
  decode: bytes => (bytes.length === 0 ? null : value.decode(bytes.subarray(1))),
})

/** What a version became: the newest of its key, one that a newer version has superseded already, or nothing, being too old. */
export type Put = 'newest' | 'superseded' | 'expired'

const present = (version: Row | undefined): Row | undefined => (version?.value === null ? undefined : version)

/**
 * The versions of each key's row, as far back as the history goes. The newest stands under the key alone, so that a row
 * that seldom changes is one entry, found at once; earlier ones follow in the order of their times. A deletion is a version.
 */
export class Versions {
  readonly #staged: Staged<Row>
  readonly #keys: KeyCoder<unknown>
  readonly #time: StreamTime
  readonly #historyMs: number
  /** Versions at the time when another one took their place, and deletions at their own. */
  readonly #leaving: TimeIndex

  constructor(context: Context, store: string, time: StreamTime, historyMs: number) {
    const { key, value } = context.codecs(store)
    this.#staged = context.staged(store, rowCodec(nullable(value)))
    this.#keys = keyCoder(key)
    this.#time = time
    this.#historyMs = historyMs
    this.#leaving = new TimeIndex(context.staged(store, marker), indexTag, context.undo)
  }

  /** Under which all versions of a key stand. */
  #at(key: unknown): string {
    return dataTag + sized(this.#keys.of(key))
  }

  /** The newest version; nothing where that is a deletion. */
  get(key: unknown): Row | undefined {
    return present(this.#staged.get(this.#at(key)))
  }

  /** The version of that time. Of a time before the history, only the newest version can tell. */
  asOf(key: unknown, timestamp: number): Row | undefined {
    const at = this.#at(key)
    const newest = this.#staged.get(at)
    if (newest === undefined || newest.timestamp <= timestamp) return present(newest)
    if (timestamp < this.#time.now - this.#historyMs) return undefined
    const earlier = this.#staged.range(at + timeKey(0), at + timeKey(timestamp + 1), { backwards: true, entriesMax: 1 })
    return present(earlier[0]?.[1])
  }

  /** Null deletes. A version of the same time is replaced. */
  put(key: unknown, value: unknown, timestamp: number): Put {
    if (timestamp < this.#time.now - this.#historyMs) return 'expired'
    this.#time.advance(timestamp)
    const at = this.#at(key)
    const newest = this.#staged.get(at)
    if (newest !== undefined && timestamp < newest.timestamp) {
      const later = this.#staged.range(at + timeKey(timestamp + 1), after(at), { entriesMax: 1 })
      this.#add(at, { value, timestamp }, later[0]?.[1].timestamp ?? newest.timestamp)
      return 'superseded'
    }
    if (newest !== undefined && timestamp > newest.timestamp) this.#add(at, newest, timestamp)
    this.#staged.put(at, { value, timestamp })
    if (value === null) this.#leaving.add(timestamp, at)
    return 'newest'
  }

  #add(at: string, version: Row, supersededAt: number): void {
    const place = at + timeKey(version.timestamp)
    this.#staged.put(place, version)
    this.#leaving.add(supersededAt, place)
  }

  /** Deletes versions that another one superseded at this time or before, and rows deleted then; false: there may be more. */
  expire(upTo: number, entriesMax: number): boolean {
    const leaving = this.#leaving.upTo(upTo, entriesMax)
    for (const { timeMs, key: place } of leaving) {
      this.#leaving.remove(timeMs, place)
      const version = this.#staged.get(place)
      if (version === undefined) continue
      if (version.timestamp < timeMs) this.#staged.delete(place)
      else if (version.value === null && version.timestamp === timeMs) {
        // Of a row that is gone no earlier version is seen either: none may be left to come back under a new one.
        this.#staged.deleteRange(place, after(place)!, Number.POSITIVE_INFINITY)
      }
    }
    return leaving.length < entriesMax
  }
}
