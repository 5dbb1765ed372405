import type { Context, Row } from '../operators/operator.ts'
import { room } from '../room.ts'
import { readTime, timeBytes, writeTime } from '../time-bytes.ts'
import type { Windowed, WindowedCodec } from '../windowed.ts'
import { after, dataTag, indexTag, type KeyCoder, keyCoder, sized, timeKey } from './keys.ts'
import type { Staged, ValueCodec } from './staged.ts'
import { marker, TimeIndex } from './time-index.ts'

export interface Session {
  readonly start: number
  /** The time of its last record. */
  readonly end: number
  readonly value: unknown
}

/** A session with its ends: 8 bytes each, then what it holds. */
export const sessionCodec = (value: ValueCodec<unknown>): ValueCodec<Session> => ({
  encode(session) {
    const bytes = value.encode(session.value)
    const written = room(2 * timeBytes + bytes.length)
    writeTime(written, 0, session.start)
    writeTime(written, timeBytes, session.end)
    written.set(bytes, 2 * timeBytes)
    return written
  },
  decode(bytes) {
    const content = value.decode(bytes.subarray(2 * timeBytes))
    return { start: readTime(bytes, 0), end: readTime(bytes, timeBytes), value: content }
  },
})

const same = (one: Session | undefined, other: { readonly start: number; readonly end: number }): boolean =>
  one?.start === other.start && one.end === other.end

/**
 * The sessions of each key. The newest one stands under the key alone, so that a record in order finds it and extends
 * it in place; those before it follow in the order of their ends. A key that has any has a newest one.
 */
export class Sessions {
  readonly #staged: Staged<Session>
  readonly #keys: KeyCoder<unknown>
  readonly #gapMs: number
  /** Each key that has sessions, at the end of one of them, which may have been merged or extended since. */
  readonly #order: TimeIndex

  constructor(context: Context, store: string, gapMs: number) {
    const { key, value } = context.codecs(store)
    this.#staged = context.staged(store, sessionCodec(value))
    this.#keys = keyCoder((key as WindowedCodec).inner)
    this.#gapMs = gapMs
    this.#order = new TimeIndex(context.staged(store, marker), indexTag, context.undo)
  }

  /** Under which all of a key's sessions stand. */
  at(key: unknown): string {
    return dataTag + sized(this.#keys.of(key))
  }

  /** The sessions that end at `endMin` or later and start at `startMax` or before, in order. */
  find(at: string, endMin: number, startMax: number): Session[] {
    const newest = this.#staged.get(at)
    if (newest === undefined || newest.end < endMin) return []
    const found = newest.start <= startMax ? [newest] : []
    // Sessions are farther apart than the gap.
    if (endMin >= newest.start - this.#gapMs) return found
    const older = this.#staged.range(at + timeKey(endMin), at + timeKey(newest.start))
    return [...older.map(([, session]) => session).filter(({ start }) => start <= startMax), ...found]
  }

  get({ key, start, end }: Windowed<unknown>): Row | undefined {
    const at = this.at(key)
    const newest = this.#staged.get(at)
    const session = same(newest, { start, end }) ? newest : this.#staged.get(older(at, { start, end }))
    return session && { value: session.value, timestamp: session.end }
  }

  /** Puts one session in the place of those that it was merged from; null: in place of them, none. */
  replace(at: string, merged: readonly Session[], session: Session | null): void {
    const newest = this.#staged.get(at)
    let gone = false
    for (const part of merged) {
      if (same(newest, part)) gone = true
      else this.#staged.delete(older(at, part))
    }
    if (session === null) {
      if (gone) this.#promote(at)
    } else if (newest === undefined) {
      this.#staged.put(at, session)
      this.#order.add(session.end, at)
    } else if (gone || session.end > newest.end) {
      if (!gone) this.#staged.put(older(at, newest), newest)
      this.#staged.put(at, session)
    } else this.#staged.put(older(at, session), session)
  }

  /** The newest one has gone: the one before it takes its place. */
  #promote(at: string): void {
    const [found] = this.#staged.range(at + timeKey(0), after(at), { backwards: true, entriesMax: 1 })
    if (found === undefined) this.#staged.delete(at)
    else {
      this.#staged.delete(found[0])
      this.#staged.put(at, found[1])
    }
  }

  /** Deletes sessions that ended at this time or before; false: there may be more. */
  expire(upTo: number, entriesMax: number): boolean {
    let room = entriesMax
    for (const { timeMs, key: at } of this.#order.upTo(upTo, entriesMax)) {
      room -= this.#staged.deleteRange(at + timeKey(0), at + timeKey(upTo + 1), room) + 1
      this.#order.remove(timeMs, at)
      const [left] = this.#staged.range(at + timeKey(0), after(at), { entriesMax: 1 })
      const next = left?.[1] ?? this.#staged.get(at)
      if (next === undefined) continue
      if (left === undefined && next.end <= upTo) this.#staged.delete(at)
      else this.#order.add(next.end, at)
      if (room <= 0) return false
    }
    return true
  }
}

const older = (at: string, { start, end }: { readonly start: number; readonly end: number }): string =>
  at + timeKey(end) + timeKey(start)
