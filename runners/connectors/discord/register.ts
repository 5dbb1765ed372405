import { ApplicationCommandOptionType, type REST, Routes } from 'discord.js'
import { type DiscordAccess, Permit, restOf } from './rest.ts'

export const messageLengthMax = 4_000

/** The command as Discord shows it to users. */
export const command = {
  name: 'ticket',
  description: 'Ask for help: a ticket is filed and only you see the answer',
  options: [
    {
      ...{
        name: 'message',
        description: 'What is wrong, or what you wish for',
        type: ApplicationCommandOptionType.String,
      },
      ...{ required: true, max_length: messageLengthMax },
    },
  ],
} as const

export interface RegisterOptions extends DiscordAccess {
  /** The application's id; asked of Discord where it is not given. */
  readonly applicationId?: string | undefined
  /** One server, where the command is there at once; all servers of the bot unless given, which takes Discord up to an hour. */
  readonly guildId?: string | undefined
}

/** Registers `/ticket`, or brings it up to date; other commands of the bot are left alone. Resolves with what was done, for people. */
export const registerCommand = async (options: RegisterOptions): Promise<string> => {
  try {
    return await registerWith(restOf(options), options)
  } catch (error) {
    throw new Permit().judge(error)
  }
}

export const registerWith = async (rest: REST, { applicationId, guildId }: RegisterOptions): Promise<string> => {
  const id = applicationId ?? (await applicationOf(rest))
  const route = guildId === undefined ? Routes.applicationCommands(id) : Routes.applicationGuildCommands(id, guildId)
  await rest.post(route, { body: command })
  return guildId === undefined
    ? '/ticket is registered for every server of the bot; Discord may take up to an hour to show it'
    : `/ticket is registered for the server ${guildId}`
}

const applicationOf = async (rest: REST): Promise<string> => {
  const { id } = (await rest.get(Routes.currentApplication())) as { readonly id: string }
  return id
}
