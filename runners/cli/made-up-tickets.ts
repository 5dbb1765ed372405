import { setTimeout as pause } from 'node:timers/promises'
import { madeUp } from '../../pipelines/demo/made-up.ts'
import { partitionOf } from '../../topology/task/partitioner.ts'
import type { OpenedLog } from './open-log.ts'
import { partitionsOf } from './topic.ts'

/** How often some are filed, at rates above one for each time. */
const tickMs = 50

export interface MadeUp {
  readonly rate: number
  /** In all, those included that are there already. */
  readonly most: number
  readonly stopped: () => boolean
  readonly filed?: (count: number) => void
}

/** Files made-up tickets at a rate, each under its own key, until there are enough or it is stopped. */
export const fileTickets = async (
  opened: OpenedLog,
  topic: string,
  { rate, most, stopped, filed }: MadeUp,
): Promise<number> => {
  const { partitions } = (await opened.log.topic(topic))!
  const ends = await Promise.all(partitionsOf({ name: topic, partitions }).map(partition => opened.log.ends(partition)))
  const before = ends.reduce((sum, { next }) => sum + next, 0)
  const startedMs = performance.now()
  let done = 0
  while (!stopped() && before + done < most) {
    const due = Math.min(most - before, Math.floor(((performance.now() - startedMs) * rate) / 1_000))
    if (due > done) {
      const tickets = Array.from({ length: due - done }, (_, at) => madeUp(before + done + at + 1, Math.random))
      await opened.operations.append(tickets.map(ticket => appendOf(topic, partitions, ticket)))
      done = due
      filed?.(done)
    }
    await pause(Math.max(tickMs, Math.min(1_000, 1_000 / rate)))
  }
  return done
}

const appendOf = (topic: string, partitions: number, ticket: ReturnType<typeof madeUp>) => {
  const key = Buffer.from(ticket.id)
  const value = Buffer.from(JSON.stringify(ticket))
  return {
    topic,
    partition: partitionOf(key, partitions),
    records: [{ key, value, timestamp: Date.now(), headers: [] }],
  }
}
