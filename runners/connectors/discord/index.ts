export { type RegisterOptions, registerCommand } from './register.ts'
export { type DiscordMessage, type DiscordSourceOptions, discordSource } from './source.ts'
