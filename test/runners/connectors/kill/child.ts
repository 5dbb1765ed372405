// The process that is killed: it is started ahead of its round, and begins when it is told where.

import { discordSink, discordSource } from '../../../../runners/connectors/discord/index.ts'
import { mailSource } from '../../../../runners/connectors/mail/index.ts'
import { EmbeddedLog } from '../../../../runners/embedded/log.ts'
import { type Running, run } from '../../../../runners/host/run.ts'
import { discordChannels } from '../../../../schemas/desk/topics.ts'
import { dataRegistry } from '../../../../schemas/index.ts'
import type { SourceConnector } from '../../../../topology/ports/connectors.ts'
import { edges, ticketIdOf } from './topology.ts'

export interface Go {
  readonly folder: string
  readonly discord: { readonly api: string; readonly token: string; readonly guildId: string }
  readonly mail: { readonly port: number; readonly user: string; readonly password: string }
  /** A defect that the programme must find: the place in the mailbox is not committed with the record. */
  readonly forgetsPlace: boolean
}

let running: Running | undefined
let close = async (): Promise<void> => {}

/** Appends the records, and the cursor of nothing. */
const withoutPlace = <K, V>(connector: SourceConnector<K, V>): SourceConnector<K, V> => ({
  open: feed => connector.open({ ...feed, append: records => feed.append(records) }),
})

const go = async ({ folder, discord, mail, forgetsPlace }: Go): Promise<void> => {
  const log = EmbeddedLog.open(folder)
  const { registry, close: closeRegistry } = await dataRegistry(folder)
  close = async () => {
    await running?.stop()
    await closeRegistry()
    await log.close()
  }
  const mailbox = mailSource({
    ...{ host: '127.0.0.1', port: mail.port, secure: false, insecure: true },
    ...{ user: mail.user, password: mail.password, first: 'all', markSeen: !forgetsPlace },
  })
  running = await run(edges, {
    ...{ log, registry, partitions: 2, commitIntervalMs: 20, pauses: { firstMs: 20, mostMs: 200 } },
    sources: {
      mail: forgetsPlace ? withoutPlace(mailbox) : mailbox,
      discord: discordSource({
        ...discord,
        cooldownMs: 0,
        register: false,
        ticketIdOf: id => ticketIdOf('discord', id),
      }),
    },
    sinks: { channels: discordSink({ ...discord, channels: discordChannels, channelsMax: 450 }) },
    observer: { note: (level, message) => process.send!({ level, message }) },
  })
  running.ended.catch(error => {
    process.send!({ level: 'error', message: String(error) })
    process.exit(1)
  })
}

process.on('message', (message: Go | 'stop') => {
  const work = message === 'stop' ? close().then(() => process.disconnect()) : go(message)
  work.catch(error => {
    console.error(error)
    process.exit(1)
  })
})
process.on('disconnect', () => process.exit())
process.send!('ready')
