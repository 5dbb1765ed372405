import { expectTypeOf, test } from 'vitest'
import { json, rest, text, topic, topology, whole } from '../../topology/index.ts'

interface Opened {
  readonly kind: 'opened'
  readonly id: string
}
interface Closed {
  readonly kind: 'closed'
  readonly id: string
  readonly reason: 'solved' | 'spam'
}

const events = topic('events', { key: text, value: json<Opened | Closed>('Event') })
const closed = topic('closed', { key: text, value: json<Closed>('Closed') })
const counts = topic('counts', { key: text, value: whole })

test('types flow from the topic through lanes, guards and formats to the sink', () => {
  topology('shapes', draft => {
    const { opened, others } = draft.stream(events).branch({ opened: event => event.kind === 'opened', others: rest })
    opened
      .map(event => {
        expectTypeOf(event).toEqualTypeOf<Opened>()
        return event.id
      })
      .group()
      .count('opened')
    others
      .filter(event => event.kind === 'closed')
      .map(event => ({ ...event, reason: 'spam' }), { as: closed.value })
      .to(closed)
  })
  topology('counts', draft => {
    const table = draft.stream(events).group().count('by-id')
    table
      .changes()
      .filter((count, key) => {
        expectTypeOf(count).toEqualTypeOf<number | null>()
        expectTypeOf(key).toEqualTypeOf<string>()
        return true
      })
      .to(counts)
    draft
      .stream(topic('more', { key: text, value: text }))
      .join(table, (_value, count) => {
        expectTypeOf(count).toEqualTypeOf<number>()
        return count
      })
      .peek(() => {})
    draft
      .stream(topic('yet-more', { key: text, value: text }))
      .join(
        table,
        (_value, count) => {
          expectTypeOf(count).toEqualTypeOf<number | undefined>()
          return count
        },
        { kind: 'left' },
      )
      .peek(() => {})
  })
})
