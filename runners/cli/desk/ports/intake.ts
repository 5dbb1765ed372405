import { setTimeout as pause } from 'node:timers/promises'
import type { Filed, Intake } from '../../../../dashboards/api/index.ts'
import type { File } from '../../../../pipelines/desk/akte.ts'
import type { ApiMessage } from '../../../../schemas/desk/generated/desk.ts'
import { apiMessages } from '../../../../schemas/desk/topics.ts'
import type { Uuid } from '../../../../schemas/index.ts'
import type { TopicWriter } from '../writer.ts'

const lookMs = 20
/** What was filed a moment ago is known before the pipeline has taken it. */
const recentMax = 10_000

/** The way in for tickets filed over HTTP. */
export const intakeOf = (
  writer: TopicWriter,
  filedBefore: (ticketId: string) => ApiMessage | undefined,
  fileOf: (ticketId: string) => File | undefined,
): Intake => {
  const recent = new Map<string, Filed>()
  return {
    async file(ticket) {
      const { ticketId, ...message } = ticket
      await writer.append(apiMessages, ticketId, { ...message, ticketId: ticketId as Uuid, origin: 'API' })
      recent.set(ticketId, ticket)
      const [oldest] = recent.keys()
      if (recent.size > recentMax) recent.delete(oldest!)
    },
    async filed(ticketId) {
      const before = filedBefore(ticketId)
      if (before === undefined) return recent.get(ticketId)
      const { title, description, userName, userEmail, timestamp, idempotencyKey } = before
      return { ticketId, title, description, userName, userEmail, timestamp: String(timestamp), idempotencyKey }
    },
    async labels(ticketId, waitMs) {
      const untilMs = performance.now() + waitMs
      for (;;) {
        const labels = fileOf(ticketId)?.labels
        if (labels) return labels
        if (performance.now() >= untilMs) return undefined
        await pause(lookMs)
      }
    },
  }
}
