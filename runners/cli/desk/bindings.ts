import { discordChannels, ticketCounts, ticketEvents, ticketsLabeled } from '../../../schemas/desk/topics.ts'
import { type Uuid, uuidOf } from '../../../schemas/index.ts'
import type { VersionedCall } from '../../../topology/index.ts'
import { discordSink, discordSource } from '../../connectors/discord/index.ts'
import { mailSource, oauthToken } from '../../connectors/mail/index.ts'
import { anthropicModel, geminiModel, type Model, ollamaModel, openaiModel } from '../../connectors/models/index.ts'
import { type OpenDatabase, postgresSink } from '../../connectors/postgres/index.ts'
import { absturzSink } from '../../connectors/webhook/index.ts'
import type { Bindings } from '../../host/index.ts'
import { type DemoOptions, demoSource } from './demo.ts'
import { keywordLabeller, modelLabeller } from './labeller.ts'
import type { DeskSettings, ModelSettings } from './settings.ts'

/** What the connectors of the desk need beside their settings. */
export interface DeskParts {
  readonly database: OpenDatabase
  readonly demo: DemoOptions | undefined
  /** The number of a ticket, once it has one. */
  readonly numberOf: (ticketId: string, signal: AbortSignal) => Promise<number | undefined>
}

export const modelOf = ({ server, model, url, key, temperature, tokensMax }: ModelSettings): Model => {
  const common = { model, url, temperature, limits: { tokensMax } }
  if (server === 'ollama') return ollamaModel(common)
  const make = { openai: openaiModel, anthropic: anthropicModel, gemini: geminiModel }[server]
  return make({ ...common, key })
}

export const labellerOf = ({ model, taxonomy }: DeskSettings): VersionedCall =>
  model === undefined ? keywordLabeller(taxonomy) : modelLabeller(modelOf(model), taxonomy)

const isLoopback = (host: string): boolean => /^(localhost|127\.|::1$)/.test(host)

/** What the names in the desk's topologies mean: names that are missing here are parts that do not run. */
export const deskBindings = (settings: DeskSettings, { database, demo, numberOf }: DeskParts): Bindings => {
  const { discord, discordExport, mail, webhookUrl } = settings
  return {
    calls: { label: labellerOf(settings) },
    sources: {
      ...(demo && { demo: demoSource(demo) }),
      ...(discord && {
        'discord-kummerkasten': discordSource({
          ...discord,
          ticketIdOf: interactionId => uuidOf('discord', interactionId),
          numberOf,
        }),
      }),
      ...(mail && {
        'mail-kummerkasten': mailSource({
          ...{ host: mail.host, port: mail.port, user: mail.user, password: mail.pass, secure: mail.secure },
          accessToken: mail.oauth && oauthToken(mail.oauth),
          // A server on this machine needs no encryption; any other that has none must at least offer to begin it.
          insecure: !mail.secure && isLoopback(mail.host),
          pollIntervalMs: mail.pollMs,
        }),
      }),
    },
    sinks: {
      postgres: postgresSink({
        database,
        topics: { tickets: ticketsLabeled.name, events: ticketEvents.name, counts: ticketCounts.name },
        exported: ({ ticketId, id, at }) => ({
          topic: ticketEvents,
          key: ticketId,
          value: {
            type: 'TicketExported',
            value: { ticketId: ticketId as Uuid, at, target: 'postgres', reference: id },
          },
        }),
      }),
      ...(discordExport && {
        discord: discordSink({
          ...{ token: discordExport.token, api: discordExport.api, guildId: discordExport.guildId },
          categories: { bug: discordExport.bugs, featureRequest: discordExport.features, other: discordExport.others },
          channels: discordChannels,
        }),
      }),
      ...(webhookUrl !== undefined && { 'absturz-webhook': absturzSink({ url: webhookUrl }) }),
    },
  }
}
