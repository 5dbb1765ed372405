import { DiscordUnreachable, registerCommand } from '../../connectors/discord/index.ts'
import { type Command, CommandError } from '../command.ts'

export const discordCommand: Command = {
  usage: 'discord register [--guild ID]',
  says: 'registers /ticket with Discord, as each start of the desk does, without starting anything',
  examples: ['DISCORD_TOKEN=... franz discord register --guild 1100000000000000001'],
  flags: {
    guild: { type: 'string', says: 'one server, where it is there at once; else every server of the bot', value: 'ID' },
  },
  async run(call) {
    if (call.arguments.join(' ') !== 'register')
      throw new CommandError('usage', `discord takes the word register: "${call.arguments.join(' ')}".`)
    const { DISCORD_TOKEN: token, DISCORD_CLIENT_ID: applicationId, DISCORD_GUILD_ID, DISCORD_API: api } = call.env
    const guildId = call.flag('guild') ?? DISCORD_GUILD_ID
    if (!token)
      throw new CommandError('usage', 'set DISCORD_TOKEN to the token of your bot, as the developer portal shows it.')
    try {
      console.log(
        await registerCommand({ token, api, applicationId: applicationId || undefined, guildId: guildId || undefined }),
      )
    } catch (error) {
      throw new CommandError(error instanceof DiscordUnreachable ? 'unreachable' : 'failed', (error as Error).message)
    }
  },
}
