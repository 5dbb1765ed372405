import { ticketCounts, ticketEvents, ticketsLabeled, ticketsLabeledDlq } from '../../schemas/desk/topics.ts'
import { topology } from '../../topology/index.ts'
import { burying } from './reports.ts'

/** Tickets, their events and their counts into Postgres. */
export default topology('postgres-exportdienst', burying(ticketsLabeledDlq), draft => {
  draft.sink('postgres', ticketsLabeled, ticketEvents, ticketCounts)
})
