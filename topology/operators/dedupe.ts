import { TopologyError } from '../errors.ts'
import type { StoreFacts } from '../graph/graph.ts'
import type { Codec } from '../ports/codec.ts'
import { dataTag, indexTag, keyCoder } from '../state/keys.ts'
import type { ValueCodec } from '../state/staged.ts'
import { marker, TimeIndex } from '../state/time-index.ts'
import { expireAtCommit } from './expiry.ts'
import type { OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** What it has seen is forgotten in this many steps of the time, so that few commits have to look for it. */
const expirySteps = 100

/**
 * Drops a record whose identity passed within the time. Time is the operator's stream time when a record came, not its
 * own timestamp: so a record that is delivered again, late, is still found.
 */
export const dedupe = (
  store: StoreFacts,
  withinMs: number,
  by: ((value: unknown, key: unknown) => unknown) | undefined,
): OperatorOf => ({
  kind: 'dedupe',
  facts: { stores: [store] },
  open(context) {
    const { id, emit, drop } = context
    const { key: keyCodec, value } = context.codecs(store.name)
    const keys = keyCoder(keyCodec as Codec<unknown>)
    const seen = context.staged(store.name, value as ValueCodec<number>)
    const order = new TimeIndex(context.staged(store.name, marker), indexTag, context.undo)
    const time = context.time()
    expireAtCommit(context, time, withinMs + 1, Math.ceil(withinMs / expirySteps) || 1, (upTo, entriesMax) => {
      const expired = order.upTo(upTo, entriesMax)
      for (const { timeMs, key } of expired) {
        order.remove(timeMs, key)
        if (seen.get(dataTag + key) === timeMs) seen.delete(dataTag + key)
      }
      return expired.length < entriesMax
    })
    const identityOf = (item: { readonly value: unknown; readonly key: unknown }): unknown => {
      if (by === undefined) return item.key
      const identity = sync(by(item.value, item.key), id)
      if (typeof identity === 'string') return identity
      throw new TopologyError('VALUE_WRONG', id, `its \`by\` gave ${identity}, and an identity is a text`)
    }
    return {
      view: {
        get(identity) {
          const seenAt = seen.get(dataTag + keys.of(identity))
          return seenAt === undefined ? undefined : { value: seenAt, timestamp: seenAt }
        },
      },
      steps: [
        item => {
          const identity = identityOf(item)
          if (identity === null) return drop('null key', item)
          const key = keys.of(identity)
          time.advance(item.timestamp)
          const now = time.now
          const before = seen.get(dataTag + key)
          if (before !== undefined && now - before <= withinMs) return drop('duplicate', item)
          if (before !== undefined) order.remove(before, key)
          seen.put(dataTag + key, now)
          order.add(now, key)
          emit(item)
        },
      ],
    }
  },
})
