import { ticket, ticketEvents as ticketEvent } from '../../schemas/desk/generated/desk.ts'
import { ticketEvents, ticketsFormatted, ticketsFormattedDlq, ticketsUnnumbered } from '../../schemas/desk/topics.ts'
import { keyed, text, topology, whole } from '../../topology/index.ts'
import { burying } from './reports.ts'

/** A ticket that comes again within this time, from whatever source, is known by its id and goes no further. */
const seenWithin = '30d'

/**
 * Gives each ticket its readable number, 1, 2, 3 and on. Its topic has one partition, so there is one counter, and a number
 * is given in the commit that writes the ticket: none is given twice, and none is left out.
 */
export default topology('nummernausgabe', burying(ticketsFormattedDlq), draft => {
  const numbered = draft
    .stream(ticketsUnnumbered)
    .dedupe('tickets-seen', { within: seenWithin })
    .process('numbers', {
      stores: { 'last-number': keyed(text, whole) },
      as: ticket,
      record(unnumbered, _id, { stores, emit }) {
        const number = (stores['last-number'].get('last') ?? 0) + 1
        stores['last-number'].put('last', number)
        emit({ ...unnumbered, number: BigInt(number) })
      },
    })
  numbered.to(ticketsFormatted)
  numbered
    .map(
      ({ id, updatedAt, origin, contact, subject = '', number = null }) => ({
        type: 'TicketCreated',
        value: { ticketId: id, at: updatedAt, origin, contact, subject, number },
      }),
      { as: ticketEvent },
    )
    .to(ticketEvents)
})
