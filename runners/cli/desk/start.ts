import { desk } from '../../../pipelines/desk/desk.ts'
import { plan } from '../../../topology/plan/parts.ts'
import { partitionsDefault as partitionsOfNew } from '../../host/index.ts'
import type { Call, Command } from '../command.ts'
import { logsFlags, openLogs } from '../logs.ts'
import { logFlags, type OpenedLog, openLog } from '../open-log.ts'
import { registryFlag, registryToRun } from '../open-registry.ts'
import { untilSignal } from '../signals.ts'
import { serveDesk } from './dashboard.ts'
import { type DashboardOptions, dashboardFlags, dashboardOptions } from './dashboard-flags.ts'
import type { DemoOptions } from './demo.ts'
import { renamedLog } from './renamed-log.ts'
import { type DeskOptions, runDesk } from './run-desk.ts'
import { seedBrokers, seedFailures, seedNames } from './seed-names.ts'
import { type DeskSettings, deskSettings, unbound } from './settings.ts'

/** Demo tickets: one a second and a thousand in all, for a forgotten one must not fill the disk. */
const demoMax = { perSecond: 1, ticketsMax: 1_000 } as const

export const startCommand: Command = {
  usage: 'start [--port N] [--rate N] [--data DIR]',
  says: 'runs the whole service desk, with its dashboard; with made-up tickets where nothing real is connected',
  flags: {
    ...logFlags,
    ...registryFlag,
    ...logsFlags,
    ...dashboardFlags,
    'create-topics': { type: 'boolean', says: 'on Kafka: make topics that are missing' },
    rate: { type: 'string', says: `made-up tickets a second, ${demoMax.perSecond} at most; 0 for none`, default: '1' },
  },
  async run(call) {
    const settings = deskSettings(call.env)
    await running(call, settings, {
      demo: demoOf(settings, call.number('rate', 0, demoMax.perSecond)),
      dashboard: dashboardOptions(call),
    })
    console.log('franz stopped; the next start goes on here.')
  },
}

/** `franz run desk`: the same without the dashboard, or parts of it alone. */
export const runDeskAlone = (call: Call, only: readonly string[]): Promise<void> =>
  running(
    call,
    { ...deskSettings(call.env), failureTopics: seedFailures(call.env, only) },
    {
      only: only.length === 0 ? undefined : only,
      demo: undefined,
      dashboard: undefined,
    },
  )

/** Made-up tickets are for whoever has nothing real yet, and never mix with what is. */
const demoOf = ({ discord, discordExport, mail }: DeskSettings, perSecond: number): DemoOptions | undefined =>
  discord || discordExport || mail || perSecond === 0 ? undefined : { ...demoMax, perSecond }

interface How {
  readonly only?: readonly string[] | undefined
  readonly demo: DemoOptions | undefined
  readonly dashboard: DashboardOptions | undefined
}

/** The log by any of its names; topics and groups as whoever runs one service alone calls them. */
const openDeskLog = async (call: Call, only: readonly string[]): Promise<OpenedLog> => {
  const brokers = call.flag('brokers') ?? seedBrokers(call.env)
  const flag = (name: string) => (name === 'brokers' ? brokers : call.flag(name))
  const { arguments: given, env } = call
  const named: Call = {
    arguments: given,
    env,
    flag,
    all: call.all.bind(call),
    is: call.is.bind(call),
    number: call.number.bind(call),
    choice: call.choice.bind(call),
  }
  const opened = await openLog(named, 'make')
  const partitionsDefault = opened.partitionsDefault ?? (call.is('create-topics') ? partitionsOfNew : undefined)
  return { ...opened, log: renamedLog(opened.log, seedNames(env, only)), partitionsDefault }
}

const running = async (call: Call, settings: DeskSettings, { only, demo, dashboard }: How): Promise<void> => {
  const logs = openLogs(call)
  const opened = await openDeskLog(call, only ?? [])
  try {
    const plans = desk(settings.taxonomy, settings.failureTopics).map(({ graph }) => plan(graph))
    const registry = (await registryToRun(call, plans))!
    try {
      const options: DeskOptions = {
        opened,
        registry: registry.registry,
        settings,
        data: call.flag('data')!,
        only,
        demo,
        logs,
      }
      const atWork = await runDesk(options)
      try {
        const served = dashboard && (await serveDesk(options, atWork, dashboard))
        try {
          // Whoever reads that it runs may stop it at once.
          const signalled = untilSignal()
          tell(options, atWork.database.says, served && [served.url, whoMay(dashboard)], registry.url)
          await Promise.race([signalled, atWork.ended])
        } finally {
          await served?.close()
        }
      } finally {
        await atWork.stop()
      }
    } finally {
      await registry.close()
    }
  } finally {
    await opened.close()
  }
}

const whoMay = ({ tokens }: DashboardOptions): string => {
  const count = tokens().length
  return count === 0
    ? 'everyone on this machine, who may do everything; `npx franz token create NAME --role admin` changes that'
    : `whoever has ${count === 1 ? 'the token' : `one of the ${count} tokens`} that it knows`
}

const tell = (
  { opened, settings, demo, only }: DeskOptions,
  database: string,
  page: readonly [url: string, whoMay: string] | undefined,
  registry: string | undefined,
): void => {
  console.log(
    `The desk runs on ${opened.where}${only === undefined ? '' : `, ${only.join(', ')} alone`}. Ctrl-C stops it, and nothing is lost.`,
  )
  const lines: (readonly [string, string | undefined])[] = [
    ['dashboard', page?.[0]],
    ['open to', page?.[1]],
    ['database', database],
    [
      'labels by',
      settings.model === undefined
        ? `keywords, of the taxonomy ${settings.taxonomy.name}`
        : `${settings.model.model} on ${settings.model.server}`,
    ],
    ['registry', registry],
    [
      'made up',
      demo &&
        `${demo.perSecond} ticket a second, ${demo.ticketsMax.toLocaleString('en')} at most; they stop when something real is connected`,
    ],
    ['watch', `npx franz tail tickets-labeled ${opened.flags}`],
  ]
  for (const [name, says] of lines) if (says !== undefined) console.log(`  ${name.padEnd(12)}${says}`)
  const missing = unbound(settings)
  if (missing.length === 0) return
  console.log('To connect more, set these in the environment and start again:')
  for (const [what, set] of missing) console.log(`  ${what.padEnd(28)} ${set}`)
}
