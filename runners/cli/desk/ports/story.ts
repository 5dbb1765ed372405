import { type LoggedEvent, type Story, UnknownPosition } from '../../../../dashboards/api/index.ts'
import { entryOf, type File } from '../../../../pipelines/desk/akte.ts'
import type { TicketEvents } from '../../../../schemas/desk/generated/desk.ts'
import type { TopicReader } from '../reader.ts'

/** The audit trail: files of tickets out of the running topology, and events out of the log as they come. */
export const storyOf = (
  logId: string,
  events: TopicReader<TicketEvents>,
  fileOf: (ticketId: string) => File | undefined,
): Story => {
  const named = (offsets: readonly number[]): string =>
    Buffer.from(JSON.stringify([logId, ...offsets])).toString('base64url')
  const offsetsOf = (position: string): number[] => {
    try {
      const [id, ...offsets] = JSON.parse(Buffer.from(position, 'base64url').toString()) as [unknown, ...number[]]
      if (id === logId && offsets.every(offset => Number.isSafeInteger(offset) && offset >= 0)) return offsets
    } catch {
      // It is told below, as any other text that is no position.
    }
    throw new UnknownPosition(`"${position.slice(0, 40)}" is no position of this log`)
  }
  const loggedOf = (event: TicketEvents, after: readonly number[]): LoggedEvent => {
    const { event: name, at, details } = entryOf(event)
    return { ticketId: event.value.ticketId, at: new Date(at).toISOString(), event: name, details, after: named(after) }
  }
  return {
    async of(ticketId) {
      const file = fileOf(ticketId)
      return (file?.events ?? []).map(({ event, at, details }) => {
        return { ticketId, at: new Date(at).toISOString(), event, details }
      })
    },
    end: async () => named(await events.at('next')),
    start: async () => named(await events.at('first')),
    async *follow(from, signal) {
      for await (const batch of events.follow(offsetsOf(from), signal))
        yield batch.map(([event, after]) => loggedOf(event, after))
    },
  }
}
