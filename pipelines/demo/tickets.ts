import { json, rest, text, topic, topology, whole } from '../../topology/index.ts'

// The first pipeline that a newcomer sees at work: made-up tickets are sorted out, counted and written on.

export interface Ticket {
  readonly id: string
  readonly origin: 'Discord' | 'Mail' | 'API'
  readonly category: 'Billing' | 'Account' | 'Hardware' | 'Other'
  readonly priority: 'Low' | 'Medium' | 'High'
  readonly subject: string
  readonly body: string
}

export const tickets = topic('demo-tickets', { key: text, value: json<Ticket>('Ticket') })
export const urgent = topic('demo-urgent', { key: text, value: json<Ticket>('Ticket') })
export const unclear = topic('demo-tickets-dlq', { key: text, value: json<Ticket>('Ticket') })
export const perCategory = topic('demo-per-category', { key: text, value: whole })

const bodyLettersMin = 10

/** Tickets with too little in them are set aside, urgent ones go to a topic of their own, and all are counted by category. */
export default topology('demo', draft => {
  const { fit, unfit } = draft.stream(tickets).branch({
    fit: ticket => ticket.body.trim().length >= bodyLettersMin,
    unfit: rest,
  })
  unfit.deadLetter(unclear, `the body is shorter than ${bodyLettersMin} letters`)
  fit.filter(ticket => ticket.priority === 'High').to(urgent)
  fit
    .rekey('by-category', ticket => ticket.category, { key: text })
    .group()
    .count('tickets-per-category')
    .changes()
    .to(perCategory)
})
