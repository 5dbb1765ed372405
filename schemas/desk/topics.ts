// The topics of the desk, typed by the schemas beside this file. What comes from outside may also be unframed JSON; dead
// letters keep the bytes that they came with.
import { bytes, text, topic } from '../../topology/index.ts'
import { orJson } from '../index.ts'
import * as desk from './generated/desk.ts'

/** `/ticket` as Discord sent it, by interaction id. */
export const discordMessages = topic('discordMSG', { key: text, value: orJson(desk.discordMessage) })
/** Tickets filed over HTTP, by ticket id. */
export const apiMessages = topic('apiMSG', { key: text, value: orJson(desk.apiMessage) })
/** Mails as they came, by message id. */
export const mailMessages = topic('mailMSG', { key: text, value: orJson(desk.mailMessage) })

/** Tickets in their normal form that have no number yet. One partition, so that there is one counter. */
export const ticketsUnnumbered = topic('tickets-unnumbered', { key: text, value: desk.ticket, partitions: 1 })
/** Tickets in their one normal form, by ticket id. */
export const ticketsFormatted = topic('tickets-formatted', { key: text, value: desk.ticket })
/** What could not be brought into the normal form. */
export const ticketsFormattedDlq = topic('tickets-formatted-dlq', { key: bytes, value: bytes })

/** Tickets with their labels, by ticket id. */
export const ticketsLabeled = topic('tickets-labeled', { key: text, value: desk.labeledTicket })
/** Tickets that could not be labelled. */
export const ticketsLabeledDlq = topic('tickets-labeled-dlq', { key: bytes, value: bytes })

/** What happened to tickets, by ticket id. */
export const ticketEvents = topic('ticket-events', { key: text, value: desk.ticketEvents })
/** How many tickets each hour had, by category, priority and origin. */
export const ticketCounts = topic('ticket-counts', { key: text, value: desk.ticketCount })
/** Failures and dead letters, by the topic they came from. */
export const errors = topic('errors', { key: text, value: desk.errorReport })

/** The channel of each ticket on Discord, by ticket id; compacted. */
export const discordChannels = topic('discord-channels', { key: text, value: desk.discordChannel })
