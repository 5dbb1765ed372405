import type { LabeledTicket, TicketEvents } from '../../schemas/desk/generated/desk.ts'
import { ticketEvents } from '../../schemas/desk/topics.ts'
import { json, topology } from '../../topology/index.ts'

type Labels = Pick<LabeledTicket, 'category' | 'priority' | 'type' | 'department' | 'confidence'>

/** Something that happened to a ticket, as people call it. */
export interface Entry {
  /** created, labelled, exported, dead-lettered. */
  readonly event: string
  readonly at: number
  readonly details: Readonly<Record<string, unknown>>
}

/** What is known of a ticket: all that happened to it, and where it stands. */
export interface File {
  readonly ticketId: string
  readonly number: number | null
  readonly labels: Labels | null
  /** Where it was exported to, by the names of the systems. */
  readonly exported: Readonly<Record<string, string | null>>
  readonly events: readonly Entry[]
  /** Events that were left out at the beginning, for a file takes so many. */
  readonly forgotten: number
}

const eventsMax = 500

const names: Readonly<Record<TicketEvents['type'], string>> = {
  TicketCreated: 'created',
  TicketLabelled: 'labelled',
  TicketExported: 'exported',
  TicketDeadLettered: 'dead-lettered',
}

/** An event as it stands in a file. */
export const entryOf = ({ type, value }: TicketEvents): Entry => {
  const { ticketId: _, at, ...details } = value
  return { event: names[type], at, details: Object.fromEntries(Object.entries(details).map(plain)) }
}

const plain = ([name, value]: readonly [string, unknown]): [string, unknown] => [
  name,
  typeof value === 'bigint' ? Number(value) : value,
]

const first = (ticketId: string): File => ({
  ...{ ticketId, number: null, labels: null, exported: {}, events: [], forgotten: 0 },
})

const added = (file: File, event: TicketEvents): File => {
  const { type, value } = event
  const events = [...file.events, entryOf(event)]
  const forgets = Math.max(0, events.length - eventsMax)
  const kept = { ...file, events: events.slice(forgets), forgotten: file.forgotten + forgets }
  if (type === 'TicketCreated') return { ...kept, number: value.number === null ? null : Number(value.number) }
  if (type === 'TicketExported') return { ...kept, exported: { ...file.exported, [value.target]: value.reference } }
  if (type !== 'TicketLabelled') return kept
  const { category, priority, type: kind, department, confidence } = value
  return { ...kept, labels: { category, priority, type: kind, department, confidence } }
}

/** The audit trail: the events of each ticket folded into its file, to be looked up while it runs. */
export default topology('akte', draft => {
  draft
    .stream(ticketEvents)
    .group()
    .aggregate('akte', { init: first, add: added, as: json<File>('File') })
})
