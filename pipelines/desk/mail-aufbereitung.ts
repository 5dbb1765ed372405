import { ticket } from '../../schemas/desk/generated/desk.ts'
import { mailMessages, ticketsFormattedDlq, ticketsUnnumbered } from '../../schemas/desk/topics.ts'
import { uuidOf } from '../../schemas/index.ts'
import { rest, text, topology } from '../../topology/index.ts'
import { burying } from './reports.ts'
import { bodyOf, contactOf, lineOf, timeOf } from './texts.ts'

/** Machines that answer, servers that could not deliver, and the desk itself ask for no help: a ticket of each would make a loop. */
const askForNothing: readonly string[] = ['AutoReply', 'Bounce', 'Own']

/** Mails in the one normal form, with their subject in brackets before the text. */
export default topology('mail-aufbereitung', burying(ticketsFormattedDlq), draft => {
  const { fromMachines, fromPeople } = draft.source('mail-kummerkasten', mailMessages).branch({
    fromMachines: mail => askForNothing.includes(mail.kind),
    fromPeople: rest,
  })
  fromMachines.discard()
  fromPeople
    .process('normal-form', {
      key: text,
      as: ticket,
      record(mail, key, { emit, from, timestamp }) {
        if (mail.refused !== null) throw new Error(`the mail was not read: ${mail.refused}`)
        const contact = contactOf(mail.sender, 'sender')
        const date = timeOf(mail.timestamp, 'timestamp')
        const subject = lineOf(mail.subject)
        const body = bodyOf(subject === '' ? mail.message : `[${subject}]\n\n${mail.message}`, 'message')
        const source = key ?? mail.messageId ?? JSON.stringify([contact, date, body])
        const id = uuidOf('mail', source)
        const place = from && { ...from, offset: BigInt(from.offset), key }
        emit(
          { id, contact, origin: 'Email', date, subject, body, updatedAt: timestamp, source: place ?? null },
          { key: id },
        )
      },
    })
    .to(ticketsUnnumbered)
})
