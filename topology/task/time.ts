import { whole } from '../formats.ts'
import type { StreamTime } from '../operators/operator.ts'
import type { Journal } from '../state/journal.ts'
import { noteTag } from '../state/keys.ts'
import type { Staged, ValueCodec } from '../state/staged.ts'

/** Before the first record: every record is later. */
export const noTime = -1

const wholeCodec = whole.open({ topic: '', part: 'value' }, undefined) as ValueCodec<number>

export const timeCodec: ValueCodec<number> = wholeCodec

/** What holds stream time back. */
export interface TimeLimits {
  /** No record at work speaks for a later time: it waited elsewhere for others that are still to come. */
  claimMs(): number
  /** Records that wait upstream for an answer: time must not pass the oldest. */
  ceilingMs(): number
}

/**
 * The stream time of an operator: read from its store when the task opens, and written back with a commit that changed
 * it. It never goes back, and goes on to the highest timestamp seen as far as its limits allow.
 */
export class KeptTime implements StreamTime {
  #seen: number
  #reached: number
  #writtenSeen: number
  #writtenReached: number
  readonly #staged: Staged<number> | undefined
  readonly #journal: Journal
  readonly #key: string
  readonly #limits: TimeLimits | undefined

  constructor(name: string, staged: Staged<number> | undefined, journal: Journal, limits?: TimeLimits) {
    this.#key = `${noteTag}time ${name}`
    this.#staged = staged
    this.#journal = journal
    this.#limits = limits
    this.#reached = staged?.get(this.#key) ?? noTime
    this.#seen = staged?.get(this.#seenKey) ?? this.#reached
    this.#writtenReached = this.#reached
    this.#writtenSeen = this.#seen
  }

  get #seenKey(): string {
    return `${this.#key} seen`
  }

  get now(): number {
    if (this.#limits !== undefined && this.#reached < this.#seen) this.#reach()
    return this.#reached
  }

  advance(timestamp: number): void {
    const seen = this.#limits === undefined ? timestamp : Math.min(timestamp, this.#limits.claimMs())
    if (seen <= this.#seen) return
    this.#note()
    this.#seen = seen
    if (this.#limits === undefined) this.#reached = seen
    else this.#reach()
  }

  #reach(): void {
    const reached = Math.min(this.#seen, this.#limits!.ceilingMs())
    if (reached <= this.#reached) return
    this.#note()
    this.#reached = reached
  }

  #note(): void {
    if (!this.#journal.open) return
    const seen = this.#seen
    const reached = this.#reached
    this.#journal.note(() => {
      this.#seen = seen
      this.#reached = reached
    })
  }

  /** What time would be after a record of this timestamp. */
  after(timestamp: number): number {
    const { now } = this
    if (this.#limits === undefined) return Math.max(now, timestamp)
    return Math.max(now, Math.min(timestamp, this.#limits.claimMs(), this.#limits.ceilingMs()))
  }

  /** Stages the time for the commit at hand. */
  keep(): void {
    const { now } = this
    if (now !== this.#writtenReached) this.#staged?.put(this.#key, now)
    this.#writtenReached = now
    if (this.#seen === this.#writtenSeen) return
    this.#writtenSeen = this.#seen
    // Mostly the same number: kept by itself only while a limit holds.
    if (this.#seen !== now) this.#staged?.put(this.#seenKey, this.#seen)
    else if (this.#staged?.get(this.#seenKey) !== undefined) this.#staged.delete(this.#seenKey)
  }
}
