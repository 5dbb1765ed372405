import { whole } from '../formats.ts'
import type { StreamTime } from '../operators/operator.ts'
import type { Journal } from '../state/journal.ts'
import { noteTag } from '../state/keys.ts'
import type { Staged, ValueCodec } from '../state/staged.ts'

/** Before the first record: every record is later. */
export const noTime = -1

const wholeCodec = whole.open({ topic: '', part: 'value' }, undefined) as ValueCodec<number>

export const timeCodec: ValueCodec<number> = wholeCodec

/** The stream time of an operator: read from its store when the task opens, and written back with a commit that changed it. */
export class KeptTime implements StreamTime {
  #now: number
  #written: number
  readonly #staged: Staged<number> | undefined
  readonly #journal: Journal
  readonly #key: string

  constructor(node: string, staged: Staged<number> | undefined, journal: Journal) {
    this.#key = `${noteTag}time ${node}`
    this.#staged = staged
    this.#journal = journal
    this.#now = staged?.get(this.#key) ?? noTime
    this.#written = this.#now
  }

  get now(): number {
    return this.#now
  }

  advance(timestamp: number): void {
    if (timestamp <= this.#now) return
    if (this.#journal.open) {
      const before = this.#now
      this.#journal.note(() => {
        this.#now = before
      })
    }
    this.#now = timestamp
  }

  /** Stages the time for the commit at hand. */
  keep(): void {
    if (this.#now === this.#written) return
    this.#staged?.put(this.#key, this.#now)
    this.#written = this.#now
  }
}
