import { call, json, type Stream, type Table, text, topic, topology, whole } from '../../../topology/index.ts'

// What the wrong programs beside this file are about. Nothing in here is wrong.

declare const ticketKey: unique symbol
declare const customerKey: unique symbol
/** Keys that are all text, and still not each other's. */
export type TicketId = string & { readonly [ticketKey]: true }
export type CustomerId = string & { readonly [customerKey]: true }

export interface Ticket {
  readonly id: TicketId
  readonly customer: CustomerId
  readonly subject: string
  readonly score: number
}
export interface Customer {
  readonly name: string
  readonly tier: 'gold' | 'plain'
}
export interface Reply {
  readonly seconds: number
}

const ticketId = json<TicketId>('TicketId')
const customerId = json<CustomerId>('CustomerId')
export const ticketFormat = json<Ticket>('Ticket')

export const opened = topic('opened', { key: ticketId, value: ticketFormat })
export const replied = topic('replied', { key: ticketId, value: json<Reply>('Reply') })
export const customers = topic('customers', { key: customerId, value: json<Customer>('Customer') })
export const subjects = topic('subjects', { key: ticketId, value: text })
export const scores = topic('scores', { key: ticketId, value: whole })
export const labeller = call({
  question: json<{ subject: string }>('Question'),
  answer: json<{ label: string }>('Label'),
})

export { customerId, ticketId }

/** Draws with a stream of tickets, one of replies, and a table of customers. */
export const drawn = (
  draw: (desk: {
    readonly tickets: Stream<TicketId, Ticket>
    readonly replies: Stream<TicketId, Reply>
    readonly people: Table<CustomerId, Customer>
  }) => void,
) =>
  topology('refused', draft =>
    draw({
      tickets: draft.stream(opened),
      replies: draft.stream(replied),
      people: draft.table('customers', customers),
    }),
  )
