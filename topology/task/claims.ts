// Claims. Owns: for which time the records of one exchange's writer speak, partition by partition.
// Does not own: what holds time back (TaskTime), who reads it (Source).
// C1  a reader's time is what it would be if no call had kept records waiting, as far as those records allow.
// C2  a record without a header speaks for its own time: without a call upstream there are no headers.

import type { LogRecord } from '../ports/log.ts'
import { room } from '../room.ts'
import type { Journal } from '../state/journal.ts'
import { readTime, timeBytes, writeTime } from '../time-bytes.ts'

/** The header of a record in an exchange that speaks for another time than its own. */
const claimHeader = '__franz.time'
/** The header of what is no record, and only says how far time has come. */
const passedHeader = '__franz.passed'

const timeHeader = (name: string, timeMs: number): readonly [string, Uint8Array] => {
  const value = room(timeBytes)
  writeTime(value, 0, timeMs)
  return [name, value]
}

/** What a record from an exchange says about time, and the record without that header. */
export interface Claimed<R extends LogRecord> {
  readonly record: R
  readonly claimMs: number | undefined
  /** It is no record. */
  readonly passed: boolean
}

export const claimOf = <R extends LogRecord>(record: R): Claimed<R> => {
  const header = record.headers.find(([name]) => name === claimHeader || name === passedHeader)
  if (header === undefined) return { record, claimMs: undefined, passed: false }
  const headers = record.headers.filter(other => other !== header)
  const claimMs = readTime(header[1]!, 0)
  return { record: { ...record, headers }, claimMs, passed: header[0] === passedHeader }
}

/** What a reader has been told. */
interface Told {
  /** The highest timestamp that it was sent. */
  highestMs: number
  /** The highest of those times for which the records that it was sent may speak. */
  sentMs: number
  /** Where its time stands for that. */
  timeMs: number
}

export class Claims {
  readonly #ceilingMs: () => number
  readonly #journal: Journal
  readonly #told: (Told | undefined)[] = []

  /** `ceilingMs`: no record that is still to come is older. */
  constructor(ceilingMs: () => number, journal: Journal) {
    this.#ceilingMs = ceilingMs
    this.#journal = journal
  }

  /** The record as it goes to a partition. `limitMs`: what it may speak for at most, where it came with a claim itself. */
  stamp(record: LogRecord, partition: number, limitMs: number): LogRecord {
    const told = this.#told[partition] ?? { highestMs: -1, sentMs: -1, timeMs: -1 }
    const before = this.#note(told)
    this.#told[partition] = told
    const { timestamp } = record
    told.highestMs = Math.max(told.highestMs, timestamp)
    told.sentMs = Math.max(told.sentMs, Math.min(timestamp, limitMs))
    told.timeMs = Math.max(told.timeMs, Math.min(told.sentMs, this.#ceilingMs()))
    if (told.timeMs === Math.max(before.timeMs, timestamp)) return record
    return { ...record, headers: [...record.headers, timeHeader(claimHeader, Math.max(0, told.timeMs))] }
  }

  #note(told: Told): Told {
    const before = { ...told }
    if (this.#journal.open) this.#journal.note(() => Object.assign(told, before))
    return before
  }

  /** Readers whose time may go on without a record, and what tells them; `passedMs`: what held records back elsewhere is over up to there. */
  released(passedMs = -1): readonly (readonly [partition: number, record: LogRecord])[] {
    const ceilingMs = this.#ceilingMs()
    return this.#told.flatMap((told, partition) => {
      if (told === undefined) return []
      const sentMs = Math.max(told.sentMs, Math.min(told.highestMs, passedMs))
      const timeMs = Math.min(sentMs, ceilingMs)
      if (timeMs <= told.timeMs) return []
      this.#note(told)
      told.sentMs = sentMs
      told.timeMs = timeMs
      const headers = [timeHeader(passedHeader, timeMs)]
      return [[partition, { key: null, value: null, timestamp: timeMs, headers }] as const]
    })
  }
}
