import { ticket } from '../../schemas/desk/generated/desk.ts'
import { apiMessages, ticketsFormattedDlq, ticketsUnnumbered } from '../../schemas/desk/topics.ts'
import { uuidOf } from '../../schemas/index.ts'
import { text, topology } from '../../topology/index.ts'
import { burying } from './reports.ts'
import { bodyOf, contactOf, lineOf, timeOf } from './texts.ts'

/**
 * Tickets filed over HTTP, in the one normal form. Whoever filed one may know its id already. Where no real connector is
 * bound, `demo` files made-up ones. What was filed is kept for a while, so that a repetition is answered as the first time.
 */
export default topology('api-aufbereitung', burying(ticketsFormattedDlq), draft => {
  const filed = draft.source('demo', apiMessages)
  filed.table('filed-tickets', { expire: '30d' })
  filed
    .process('normal-form', {
      key: text,
      as: ticket,
      record(message, key, { emit, from, timestamp }) {
        const contact = contactOf(message.userEmail ?? message.userName, 'userName')
        const date = timeOf(message.timestamp, 'timestamp')
        const subject = lineOf(message.title)
        const body = bodyOf(message.description, 'description')
        const source = message.idempotencyKey ?? key ?? JSON.stringify([contact, date, subject, body])
        const id = message.ticketId ?? uuidOf('api', source)
        const place = from && { ...from, offset: BigInt(from.offset), key }
        const { origin } = message
        emit({ id, contact, origin, date, subject, body, updatedAt: timestamp, source: place ?? null }, { key: id })
      },
    })
    .to(ticketsUnnumbered)
})
