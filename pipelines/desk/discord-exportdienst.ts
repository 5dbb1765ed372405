import { ticketEvents as ticketEvent } from '../../schemas/desk/generated/desk.ts'
import { discordChannels, ticketEvents, ticketsLabeled, ticketsLabeledDlq } from '../../schemas/desk/topics.ts'
import { topology } from '../../topology/index.ts'
import { burying } from './reports.ts'

/** A channel for each ticket on Discord; what was made there is told to the ticket's file. */
export default topology('discord-exportdienst', burying(ticketsLabeledDlq), draft => {
  draft.sink('discord', ticketsLabeled)
  draft
    .stream(discordChannels)
    .map(
      ({ ticketId, at, channelId }) => ({
        type: 'TicketExported',
        value: { ticketId, at, target: 'discord', reference: channelId },
      }),
      { as: ticketEvent },
    )
    .to(ticketEvents)
})
