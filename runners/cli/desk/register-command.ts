import { registerCommand } from '../../connectors/discord/index.ts'
import { type Command, CommandError } from '../command.ts'

export const registerTicketCommand: Command = {
  usage: 'register-discord',
  says: 'registers /ticket with Discord, which `franz start` does as well',
  examples: ['DISCORD_TOKEN and, for one server alone, DISCORD_GUILD_ID say for which bot; DISCORD_CLIENT_ID may.'],
  flags: {},
  async run({ env }) {
    const { DISCORD_TOKEN: token, DISCORD_GUILD_ID: guildId, DISCORD_CLIENT_ID: applicationId, DISCORD_API: api } = env
    if (!token) throw new CommandError('usage', 'DISCORD_TOKEN is not set: it is the token of the bot.')
    try {
      console.log(await registerCommand({ token, guildId, applicationId, api }))
    } catch (error) {
      throw new CommandError('unreachable', (error as Error).message)
    }
  },
}
