import { whole } from '../formats.ts'
import type { Context } from '../operators/operator.ts'
import { noteTag, timeKey } from './keys.ts'
import type { Staged, ValueCodec } from './staged.ts'

const wholeCodec = whole.open({ topic: '', part: 'value' }, undefined) as ValueCodec<number>
const noteKey = `${noteTag}arrivals`

/** Numbers what arrives, for things under one key and time to stay apart and in order. Kept with the store's own content. */
export class Arrivals {
  readonly #notes: Staged<number>
  #next: number

  constructor(context: Context, store: string) {
    this.#notes = context.staged(store, wholeCodec)
    this.#next = this.#notes.get(noteKey) ?? 0
    let kept = this.#next
    context.beforeCommit(() => {
      if (this.#next === kept) return
      this.#notes.put(noteKey, this.#next)
      kept = this.#next
    })
  }

  /** Six bytes that come after all earlier ones. A number that a failed record took is never used again. */
  next(): string {
    return timeKey(this.#next++)
  }
}

/** How long such a number is in a key. */
export const arrivalBytes = timeKey(0).length
