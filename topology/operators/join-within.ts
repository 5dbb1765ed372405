import type { StoreFacts } from '../graph/graph.ts'
import { durationText } from '../graph/span.ts'
import { Arrivals } from '../state/arrivals.ts'
import { JoinBuffer, type Place, stretchMs } from '../state/join-buffer.ts'
import { expireAtCommit } from './expiry.ts'
import type { Context, Item, OperatorOf, Step, StreamTime } from './operator.ts'
import { sync } from './sync.ts'

/** Two records of one key meet when the right one lies from `before` earlier to `after` later than the left one. */
export interface WithinJoin {
  readonly kind: 'inner' | 'left' | 'outer'
  readonly beforeMs: number
  readonly afterMs: number
  readonly graceMs: number
  readonly merge: (left: unknown, right: unknown, key: unknown) => unknown
}

/** What the lock file compares: another window makes another order of the buffers. */
export const withinText = ({ beforeMs, afterMs, graceMs }: WithinJoin): string =>
  `before ${durationText(beforeMs)}, after ${durationText(afterMs)}, grace ${durationText(graceMs)}`

/** How long a record may still be met by one that is not late. */
export const withinRetentionMs = ({ beforeMs, afterMs, graceMs }: WithinJoin): number => beforeMs + afterMs + graceMs

/** One side at work. */
interface Side {
  readonly buffer: JoinBuffer
  /** How far the other side's records lie, at most, before and after one of this side. */
  readonly backMs: number
  readonly aheadMs: number
  /** A record that met nobody comes out alone. */
  readonly outer: boolean
  /** Orders the values of this side and the other as merge takes them. */
  readonly merged: (own: unknown, other: unknown, key: unknown) => unknown
}

/**
 * Joins two streams within a time. A record that nobody met comes out alone, where its side does, as soon as stream time has
 * passed all that could have met it, the grace included: never before, and in the order of time.
 */
export const joinWithin = (how: WithinJoin, stores: readonly [StoreFacts, StoreFacts]): OperatorOf => ({
  kind: 'joinWithin',
  facts: { together: true, stores, holds: how.kind !== 'inner', note: `${how.kind}, ${withinText(how)}` },
  open(context) {
    const { kind, beforeMs, afterMs } = how
    const time = context.time()
    const arrivals = new Arrivals(context, stores[0].name)
    const merged = (left: unknown, right: unknown, key: unknown) => sync(how.merge(left, right, key), context.id)
    const buffer = (store: StoreFacts) => new JoinBuffer(context, store.name, beforeMs + afterMs)
    const left: Side = {
      buffer: buffer(stores[0]),
      backMs: beforeMs,
      aheadMs: afterMs,
      outer: kind !== 'inner',
      merged,
    }
    const right: Side = {
      buffer: buffer(stores[1]),
      backMs: afterMs,
      aheadMs: beforeMs,
      outer: kind === 'outer',
      merged: (own, other, key) => merged(other, own, key),
    }
    const release = releasing(context, time, how.graceMs, left, right)
    for (const side of [left, right]) {
      const expire = (upTo: number, entriesMax: number) => side.buffer.expire(upTo, entriesMax)
      expireAtCommit(context, time, withinRetentionMs(how) + 1, stretchMs(beforeMs + afterMs), expire)
    }
    const joining = (own: Side, other: Side): Step => {
      const join = meeting(context, own, other, () => arrivals.next())
      return item => {
        time.advance(item.timestamp)
        release()
        if (item.value === null) context.drop('null value', item)
        else if (item.key === null && !own.outer) context.drop('null key', item)
        else if (item.key !== null && item.timestamp < time.now - own.aheadMs - how.graceMs) context.drop('late', item)
        else join(item)
      }
    }
    return {
      steps: [joining(left, right), joining(right, left)],
      advance(to) {
        time.advance(to)
        release()
      },
    }
  },
})

/** Joins a record with all of the other side that it meets, and keeps it for those to come. */
const meeting = ({ emit }: Context, own: Side, other: Side, arrival: () => string): Step => {
  return ({ key, value, timestamp, headers }: Item) => {
    const out = (joined: unknown, time: number) => emit({ key, value: joined, old: null, timestamp: time, headers })
    // What has no key meets nobody, ever.
    if (key === null) return out(own.merged(value, undefined, key), timestamp)
    const binary = own.buffer.binary(key)
    const place: Place = { timeMs: timestamp, key: binary + arrival() }
    const found = other.buffer.between(binary, timestamp - own.backMs, timestamp + own.aheadMs)
    for (const { place: met, value: partner } of found) {
      if (other.outer) other.buffer.met(met)
      out(own.merged(value, partner, key), Math.max(timestamp, met.timeMs))
    }
    own.buffer.put(place, value)
    if (own.outer && found.length === 0) own.buffer.leaveAlone(place)
  }
}

/** Records set free at one go, of each side. */
const releasedAtOnceMax = 1_000

interface Alone {
  readonly side: Side
  readonly place: Place
}

/** Lets out records that nobody has met in their time: by time, those of the right side first, by key and arrival. */
const releasing = (context: Context, time: StreamTime, graceMs: number, left: Side, right: Side): (() => void) => {
  const sides = [right, left].filter(side => side.outer)
  const order = (one: Alone, other: Alone): number =>
    one.place.timeMs - other.place.timeMs ||
    sides.indexOf(one.side) - sides.indexOf(other.side) ||
    (one.place.key < other.place.key ? -1 : 1)
  const letOut = ({ side, place }: Alone): void => {
    side.buffer.met(place)
    const key = side.buffer.keyOf(place)
    const value = side.buffer.get(place)
    const timestamp = place.timeMs
    context.apart(() =>
      context.emit({ key, value: side.merged(value, undefined, key), old: null, timestamp, headers: [] }),
    )
  }
  return () => {
    for (;;) {
      const lists = sides.map(side =>
        side.buffer
          .alone(time.now - side.aheadMs - graceMs - 1, releasedAtOnceMax)
          .map((place): Alone => ({ side, place })),
      )
      // Behind a list that was cut off there may be earlier ones than in the other.
      const cuts = lists.filter(list => list.length === releasedAtOnceMax).map(list => list[list.length - 1]!)
      const cut = cuts.sort(order)[0]
      for (const alone of lists.flat().sort(order)) if (cut === undefined || order(alone, cut) <= 0) letOut(alone)
      if (cut === undefined) return
    }
  }
}
