import type { ErrorReport } from '../../../topology/index.ts'
import { bytes, json, rest, text, topic, topology, whole } from '../../../topology/index.ts'

interface Ticket {
  readonly id: string
  readonly customer: string
  readonly body: string
}
interface Customer {
  readonly name: string
}

const ticket = json<Ticket>('Ticket')
const tickets = topic('tickets', { key: text, value: ticket })
const labelled = topic('tickets-labelled', { key: text, value: ticket })
const dlq = topic('tickets-dlq', { key: bytes, value: bytes })
const reports = topic('errors', { key: text, value: json<ErrorReport>('ErrorReport') })
const customers = topic('customers', { key: text, value: json<Customer>('Customer') })
const perCustomer = topic('per-customer', { key: text, value: whole })

/** A small desk with a bit of everything: an arm of dead letters, an exchange, a table, a join, a count. */
export const desk = topology('desk', { deadLetters: dlq, errors: reports }, draft => {
  const { fit, unfit } = draft.stream(tickets).branch({ fit: ({ body }) => body.length >= 10, unfit: rest })
  unfit.deadLetter(dlq, 'the "body" is shorter\nthan 10 <characters>')
  const mine = fit.rekey('by-customer', ({ customer }) => customer, { key: text })
  mine
    .join(draft.table('customers', customers), (ticket, { name }) => ({ ...ticket, customer: name }))
    .map(ticket => ticket, { as: ticket })
    .to(labelled)
  mine.group().count('tickets-per-customer').changes().to(perCustomer)
})
