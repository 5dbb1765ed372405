import { type APIEmbed, escapeMarkdown } from 'discord.js'
import { cut } from './text.ts'

/** What a user reads after `/ticket`; nobody else sees it. */
export interface Answer {
  readonly embeds: readonly APIEmbed[]
}

const colours = { green: 0x57f287, yellow: 0xfee75c, red: 0xed4245 } as const
const shownMax = 1_024

/** The ticket is in the log. */
export const submitted = (message: string, ticket: string): Answer => ({
  embeds: [
    {
      title: 'Ticket Submitted',
      description: cut(escapeMarkdown(message), shownMax),
      color: colours.green,
      fields: [{ name: 'Ticket', value: ticket, inline: true }],
    },
  ],
})

/** The log has not answered yet. */
export const waiting = (): Answer => ({
  embeds: [
    {
      title: 'Taking Longer Than Usual',
      description: 'Your ticket is still being filed. This message changes once it is.',
      color: colours.yellow,
    },
  ],
})

/** Nothing was filed; what the user can do about it. */
export const failed = (why: string): Answer => ({
  embeds: [{ title: 'Submission Failed', description: why, color: colours.red }],
})
