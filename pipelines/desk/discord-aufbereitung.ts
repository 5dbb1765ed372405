import { ticket } from '../../schemas/desk/generated/desk.ts'
import { discordMessages, ticketsFormattedDlq, ticketsUnnumbered } from '../../schemas/desk/topics.ts'
import { uuidOf } from '../../schemas/index.ts'
import { text, topology } from '../../topology/index.ts'
import { burying } from './reports.ts'
import { bodyOf, contactOf, timeOf } from './texts.ts'

/** What `/ticket` brought, in the one normal form. Its id follows from the interaction, so a repetition has the same. */
export default topology('discord-aufbereitung', burying(ticketsFormattedDlq), draft =>
  draft
    .source('discord-kummerkasten', discordMessages)
    .process('normal-form', {
      key: text,
      as: ticket,
      record(message, key, { emit, from, timestamp }) {
        const body = bodyOf(message.message, 'message')
        const contact = contactOf(message.username, 'username')
        const date = timeOf(message.timestamp, 'timestamp')
        const source = message.interactionId ?? key ?? JSON.stringify([contact, date, body])
        const id = uuidOf('discord', source)
        const place = from && { ...from, offset: BigInt(from.offset), key }
        const subject = ''
        emit(
          { id, contact, origin: 'Discord', date, subject, body, updatedAt: timestamp, source: place ?? null },
          { key: id },
        )
      },
    })
    .to(ticketsUnnumbered),
)
