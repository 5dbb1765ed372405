import { ticket } from '../../schemas/desk/generated/desk.ts'
import { apiMessages, ticketsFormattedDlq, ticketsUnnumbered } from '../../schemas/desk/topics.ts'
import { uuidOf } from '../../schemas/index.ts'
import { text, topology } from '../../topology/index.ts'
import { burying } from './reports.ts'
import { bodyOf, contactOf, lineOf, timeOf } from './texts.ts'

/** Tickets filed over HTTP, in the one normal form. Whoever filed one may know its id already. */
export default topology('api-aufbereitung', burying(ticketsFormattedDlq), draft =>
  draft
    .stream(apiMessages)
    .process('normal-form', {
      key: text,
      as: ticket,
      record(filed, key, { emit, from, timestamp }) {
        const contact = contactOf(filed.userEmail ?? filed.userName, 'userName')
        const date = timeOf(filed.timestamp, 'timestamp')
        const subject = lineOf(filed.title)
        const body = bodyOf(filed.description, 'description')
        const source = filed.idempotencyKey ?? key ?? JSON.stringify([contact, date, subject, body])
        const id = filed.ticketId ?? uuidOf('api', source)
        const place = from && { ...from, offset: BigInt(from.offset), key }
        const { origin } = filed
        emit({ id, contact, origin, date, subject, body, updatedAt: timestamp, source: place ?? null }, { key: id })
      },
    })
    .to(ticketsUnnumbered),
)
