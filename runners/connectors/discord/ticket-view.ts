import { type APIEmbed, escapeMarkdown } from 'discord.js'
import { cut } from './text.ts'

/** A labelled ticket, as much of it as is shown. */
export interface DiscordTicket {
  readonly id: string
  readonly number: bigint | number | null
  readonly contact: string
  readonly origin: string
  /** In milliseconds since 1970. */
  readonly date: number
  readonly subject: string
  readonly body: string
  readonly category: string
  readonly priority: string
  readonly type: string
  readonly reviewReason?: string | null | undefined
}

const nameLengthMax = 100
const fieldLengthMax = 1_024

/** What Discord takes in a channel's name: small Latin letters, digits, dashes and underscores. */
const sanitised = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '') || 'unknown'

/** A person's name, or what stands before the @ of an address. */
const nameIn = (contact: string): string => {
  const name = contact.replace(/<[^>]*>\s*$/, '').trim() || contact
  return name.replace(/@[^@]*$/, '') || name
}

/** How people speak of a ticket: its number, or the beginning of its id where it has none. */
const counterOf = ({ number, id }: DiscordTicket): string => (number === null ? id.slice(0, 8) : String(number))

/** `{category}-{priority}-{contact}-{counter}`; where it is too long, the contact is cut. */
export const channelName = (ticket: DiscordTicket): string => {
  const before = `${sanitised(ticket.category).slice(0, 30)}-${sanitised(ticket.priority).slice(0, 20)}-`
  const after = `-${counterOf(ticket)}`
  const contact = sanitised(nameIn(ticket.contact)).slice(0, nameLengthMax - before.length - after.length)
  return `${before}${contact}${after}`
}

const mark = 'Ticket id: '

/** The topic of a channel: by the id in it the channel is found again. */
export const channelTopic = (ticket: DiscordTicket): string =>
  cut(
    `${mark}${ticket.id} · ${ticket.origin} · ${ticket.category} · ${ticket.priority} · ${ticket.type}`,
    fieldLengthMax,
  )

/** The ticket that a text of ours names. */
export const ticketIdIn = (text: string | null | undefined): string | undefined =>
  /Ticket id: ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/.exec(text ?? '')?.[1]

const colours: Readonly<Record<string, number>> = {
  ...{ CRITICAL: 0xed4245, HIGH: 0xed4245, MEDIUM: 0xfee75c, LOW: 0x57f287 },
}
const colourOtherwise = 0x5865f2

/** Shown as it was written: none of it is a heading, a link or a mention. */
const shown = (text: string): string =>
  cut(
    escapeMarkdown(cut(text.trim(), fieldLengthMax), {
      heading: true,
      bulletedList: true,
      numberedList: true,
      maskedLink: true,
    }),
    fieldLengthMax,
  ) || '–'

/** A ticket as a rich message. */
export const embedOf = (ticket: DiscordTicket): APIEmbed => {
  const inline = (name: string, value: string) => ({ name, value: shown(value), inline: true })
  const review = ticket.reviewReason ? [{ name: 'Please look', value: shown(ticket.reviewReason), inline: false }] : []
  return {
    title: cut(`#${counterOf(ticket)} ${ticket.subject.trim()}`.trim(), 256),
    color: colours[ticket.priority.toUpperCase()] ?? colourOtherwise,
    fields: [
      inline('Contact', ticket.contact),
      inline('Origin', ticket.origin),
      inline('Category', ticket.category),
      inline('Priority', ticket.priority),
      inline('Type', ticket.type),
      inline('Date', `<t:${Math.floor(ticket.date / 1_000)}:f>`),
      { name: 'Message', value: shown(ticket.body), inline: false },
      ...review,
    ],
    footer: { text: `${mark}${ticket.id}` },
    timestamp: new Date(ticket.date).toISOString(),
  }
}

/** What Discord tells repeated messages by, for some minutes. */
export const nonceOf = ({ id }: DiscordTicket): string => id.replaceAll('-', '').slice(0, 25)
