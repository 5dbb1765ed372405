import type { StoreFacts } from '../graph/graph.ts'
import { SlidingRows } from '../state/sliding-rows.ts'
import type { Windowed } from '../windowed.ts'
import { expireAtCommit } from './expiry.ts'
import { type Add, emitOf, type Folding, foldFacts, foldSteps, updater } from './folding.ts'
import type { Context, Item, OperatorOf, Row } from './operator.ts'

/** Windows [start, start + within] that begin and end with records: each set of records at most so far apart is one. */
export interface SlidingWindows {
  readonly withinMs: number
  readonly graceMs: number
}

/** Folds the records of each key by every window that a record begins or ends. */
export const slidingWindows = (store: StoreFacts, windows: SlidingWindows, folding: Folding): OperatorOf => ({
  kind: folding.kind,
  facts: foldFacts(store, folding),
  open(context) {
    const { withinMs, graceMs } = windows
    const retentionMs = store.retentionMs!
    const time = context.time()
    const late = context.port('late')
    const rows = new SlidingRows(context, store.name)
    const sliding = new Sliding(context, rows, withinMs, folding)
    const steps = foldSteps(context, folding, (item, add) => {
      time.advance(item.timestamp)
      const closed = time.now - graceMs
      if (item.timestamp + withinMs < closed) {
        context.drop('late', item)
        return late(item)
      }
      // Windows that start earlier than this change nothing any more, and may have been deleted.
      const oldest = Math.max(0, closed - 2 * withinMs - 1)
      sliding.take(item, add, closed, oldest)
    })
    expireAtCommit(context, time, retentionMs, 1, (upTo, entriesMax) => rows.expire(upTo, entriesMax))
    const view = {
      get(key: unknown) {
        const { start } = key as Windowed<unknown>
        return start <= time.now - retentionMs ? undefined : rows.get(key as Windowed<unknown>)
      },
    }
    return { steps, view, advance: to => time.advance(to) }
  },
})

/** What one record needs to know of the others of its key. */
interface Neighbours {
  /** Starts of the windows from the record's left one on. */
  readonly starts: ReadonlySet<number>
  /** What the window held that starts last among those with the record in it, before the record came. */
  readonly right: Row | undefined
  /** When the record before this one was. */
  readonly previous: number | undefined
}

/** The windows of a record at t: those it falls into, [t - within, t] on its left, and [t + 1, t + 1 + within] on its right. */
class Sliding {
  readonly #context: Context
  readonly #rows: SlidingRows
  readonly #withinMs: number
  readonly #emit: ReturnType<typeof emitOf>
  readonly #update: ReturnType<typeof updater>

  constructor(context: Context, rows: SlidingRows, withinMs: number, folding: Folding) {
    this.#context = context
    this.#rows = rows
    this.#withinMs = withinMs
    this.#emit = emitOf(context, folding)
    this.#update = updater(context, rows, this.#emit)
  }

  take(item: Item, add: Add, closed: number, oldest: number): void {
    const binary = this.#rows.binary(item.key)
    const update: Update = (start, base, before) => {
      const end = start + this.#withinMs
      if (end < closed) return this.#context.drop('late', item)
      this.#update(this.#rows.at(binary, start), { key: item.key, start, end }, item, add, base, before)
    }
    if (item.timestamp < this.#withinMs) this.#early(binary, item, oldest, update)
    else this.#usual(binary, item, oldest, update)
  }

  #usual(binary: string, item: Item, oldest: number, update: Update): void {
    const { timestamp } = item
    const left = timestamp - this.#withinMs
    const found = this.#rows.between(binary, Math.max(left, oldest), timestamp + 1)
    let right: Row | undefined
    for (const { start, row } of found.toReversed()) {
      if (start > timestamp) continue
      if (start > left) right ??= row
      update(start, row, row)
    }
    const leftRow = found[0]?.start === left ? found[0].row : undefined
    // The left window ends with a record of this very time: all that follows was done for that one.
    if (leftRow !== undefined && leftRow.timestamp >= timestamp) return
    const behind = leftRow === undefined ? this.#behind(binary, left, oldest) : undefined
    const previous = (leftRow ?? behind)?.timestamp
    const starts = new Set(found.map(({ start }) => start))
    if (found.length === 0 && behind === undefined) this.#rows.remember(binary, left)
    this.#rightOfPrevious({ starts, right, previous }, timestamp, update)
    if (leftRow === undefined) {
      const inside = previous !== undefined && previous >= left
      // Where the window on the right of the previous record is this same one, it was made a moment ago.
      const before = previous === left - 1 ? this.#rows.rowAt(this.#rows.at(binary, left)) : undefined
      update(left, inside ? { value: behind!.value, timestamp } : undefined, before)
    }
    this.#ownRight(binary, item, { starts, right, previous })
  }

  /** The last of the windows that end before the record and may hold the one before it. */
  #behind(binary: string, left: number, oldest: number): Row | undefined {
    return this.#rows.lastBetween(binary, Math.max(0, left - this.#withinMs, oldest), left - 1)?.row
  }

  /** Nearer to time zero than a window spans, all windows on the left are [0, within]. */
  #early(binary: string, item: Item, oldest: number, update: Update): void {
    const { timestamp } = item
    const found = this.#rows.between(binary, oldest, timestamp + 1)
    const starts = new Set(found.map(({ start }) => start))
    const inside = found.filter(({ start }) => start > 0 && start <= timestamp)
    const combined = found[0]?.start === 0 ? found[0].row : undefined
    for (const { start, row } of inside) update(start, row, row)
    if (found.length === 0) this.#rows.remember(binary, 0)
    const right = inside.at(-1)?.row ?? combined
    const previous = combined !== undefined && combined.timestamp < timestamp ? combined.timestamp : undefined
    this.#ownRight(binary, item, { starts, right, previous })
    this.#rightOfPrevious({ starts, right, previous }, timestamp, update)
    update(0, combined, combined)
  }

  /** The previous record's right window begins to hold something with this record. */
  #rightOfPrevious({ starts, previous }: Neighbours, timestamp: number, update: Update): void {
    if (previous === undefined) return
    const start = previous + 1
    if (!starts.has(start) && start + this.#withinMs >= timestamp) update(start, undefined, undefined)
  }

  /** Later records than this one begin a window of their own, with what they had together before. */
  #ownRight(binary: string, { key, timestamp, headers }: Item, { starts, right }: Neighbours): void {
    const start = timestamp + 1
    if (right === undefined || right.timestamp <= timestamp || starts.has(start)) return
    const at = this.#rows.at(binary, start)
    const windowed = { key, start, end: start + this.#withinMs }
    this.#rows.putAt(at, right.value, right.timestamp)
    this.#emit({ key: windowed, value: right.value, old: null, timestamp: right.timestamp, headers }, at)
  }
}

type Update = (start: number, base: Row | undefined, before: Row | undefined) => void
