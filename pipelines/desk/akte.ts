import type { TicketEvents } from '../../schemas/desk/generated/desk.ts'
import { ticketEvents } from '../../schemas/desk/topics.ts'
import { json, topology } from '../../topology/index.ts'

/** What is known of a ticket: all that happened to it, and where it stands. */
export interface File {
  readonly ticketId: string
  readonly number: number | null
  readonly labels: Readonly<Record<'category' | 'priority' | 'type', string>> | null
  /** Where it was exported to, by the names of the systems. */
  readonly exported: Readonly<Record<string, string | null>>
  readonly events: readonly { readonly type: TicketEvents['type']; readonly at: number; readonly says: string }[]
  /** Events that were left out at the beginning, for a file takes so many. */
  readonly forgotten: number
}

const eventsMax = 500

const says = ({ type, value }: TicketEvents): string => {
  switch (type) {
    case 'TicketCreated':
      return `created from ${value.origin} by ${value.contact}`
    case 'TicketLabelled':
      return `labelled ${value.category}, ${value.priority}, ${value.type} by ${value.labelSource}`
    case 'TicketExported':
      return `exported to ${value.target}${value.reference === null ? '' : ` as ${value.reference}`}`
    case 'TicketDeadLettered':
      return `given up by ${value.service}: ${value.reason}`
  }
}

const first = (ticketId: string): File => ({
  ...{ ticketId, number: null, labels: null, exported: {}, events: [], forgotten: 0 },
})

const added = (file: File, event: TicketEvents): File => {
  const { type, value } = event
  const events = [...file.events, { type, at: value.at, says: says(event) }]
  const forgets = Math.max(0, events.length - eventsMax)
  const kept = { ...file, events: events.slice(forgets), forgotten: file.forgotten + forgets }
  if (type === 'TicketCreated') return { ...kept, number: value.number === null ? null : Number(value.number) }
  if (type === 'TicketExported') return { ...kept, exported: { ...file.exported, [value.target]: value.reference } }
  if (type !== 'TicketLabelled') return kept
  return { ...kept, labels: { category: value.category, priority: value.priority, type: value.type } }
}

/** The audit trail: the events of each ticket folded into its file, to be looked up while it runs. */
export default topology('akte', draft => {
  draft
    .stream(ticketEvents)
    .group()
    .aggregate('akte', { init: first, add: added, as: json<File>('File') })
})
