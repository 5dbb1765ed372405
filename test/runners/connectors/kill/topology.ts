import { labeledTicket } from '../../../../schemas/desk/generated/desk.ts'
import { discordMessages, mailMessages, ticketsLabeled } from '../../../../schemas/desk/topics.ts'
import { uuidOf } from '../../../../schemas/index.ts'
import { topology } from '../../../../topology/index.ts'

/** The id of the ticket that becomes of a record of a source. */
export const ticketIdOf = (origin: 'mail' | 'discord', key: string) => uuidOf(origin, key)

const labels = {
  category: 'INFRA',
  priority: 'LOW',
  type: 'BUG',
  labelSource: 'Nobody',
  number: null,
  updatedAt: 0,
  date: 0,
} as const

/** Both edges in one topology, with as little as possible between them. */
export const edges = topology('edges', draft => {
  draft
    .source('mail', mailMessages)
    .map(
      ({ sender, message }, key) => ({
        id: ticketIdOf('mail', key ?? ''),
        contact: sender,
        body: message,
        origin: 'Email',
        ...labels,
      }),
      {
        as: labeledTicket,
      },
    )
    .to(ticketsLabeled)
  draft
    .source('discord', discordMessages)
    .map(
      ({ username, message }, key) => ({
        id: ticketIdOf('discord', key ?? ''),
        contact: username,
        body: message,
        origin: 'Discord',
        ...labels,
      }),
      {
        as: labeledTicket,
      },
    )
    .to(ticketsLabeled)
  draft.sink('channels', ticketsLabeled)
})
