import { plan } from '../../topology/plan/parts.ts'
import { type Logs, openSession, type Session } from '../host/index.ts'
import type { Call, Command } from './command.ts'
import { logsFlags, openLogs } from './logs.ts'
import { partsFor } from './only.ts'
import { logFlags, memberFlags, type OpenedLog, openLog } from './open-log.ts'
import { registryFlag, registryToRun } from './open-registry.ts'
import { onlyArgument, pipelineOf } from './pipelines.ts'
import { processesMax, runProcesses } from './processes.ts'
import { untilSignal } from './signals.ts'

const commitIntervalMsMax = 60_000
const portMax = 65_535

export const runFlags = {
  ...logFlags,
  ...memberFlags,
  ...registryFlag,
  ...logsFlags,
  only: {
    type: 'string',
    says: 'run this topology or connector alone; may be given several times',
    value: 'NAME',
    many: true,
  },
  instance: { type: 'string', says: 'the name of this process among those that run the same', value: 'NAME' },
  'commit-interval': { type: 'string', says: 'milliseconds between two commits at most', default: '100', value: 'MS' },
  processes: { type: 'string', says: 'on Kafka: so many processes share the partitions', default: '1', value: 'N' },
  'create-topics': { type: 'boolean', says: 'on Kafka: make declared topics that are missing' },
  'metrics-port': { type: 'string', says: 'serves /metrics, /health and /stores; 0 takes a free one', value: 'PORT' },
  'metrics-host': { type: 'string', says: 'where; stores are served on this machine alone', default: '127.0.0.1' },
} as const satisfies Command['flags']

export const runCommand: Command = {
  usage: 'run FILE|NAME [--only PART]',
  says: 'runs a pipeline until Ctrl-C, with its connectors',
  examples: [
    'franz run ./desk.ts --metrics-port 9464',
    'Calls, sources and sinks are bound by franz.config.ts beside FILE or in this folder:',
    "  import { defineConfig } from 'franz/host'",
    '  export default defineConfig({ calls: { … }, sources: { … }, sinks: { … } })',
  ],
  flags: runFlags,
  async run(call) {
    const processes = call.number('processes', 1, processesMax)
    if (processes > 1) return runProcesses(call, processes, process.argv.slice(2))
    if (call.arguments[0] === 'desk') return (await import('./desk/start.ts')).runDeskAlone(call, call.all('only'))
    const { topologies, bindings } = await pipelineOf(onlyArgument(call, 'the pipeline, by file or name'), call.env)
    const plans = topologies.map(({ graph }) => plan(graph))
    const parts = partsFor(plans, call.all('only'))
    const commitIntervalMs = call.number('commit-interval', 1, commitIntervalMsMax)
    const http = httpOf(call)
    const logs = openLogs(call)
    const opened = await openLog(call, 'make')
    const registry = await registryToRun(call, plans).catch(async error => {
      await opened.close()
      throw error
    })
    try {
      const session = await openSession({
        ...{ log: opened.log, topologies, bindings, parts, commitIntervalMs, http },
        registry: registry?.registry,
        instance: call.flag('instance'),
        partitions: opened.partitionsDefault ?? (call.is('create-topics') ? undefined : 'refuse'),
        observer: topology => logs.observer(topology),
      })
      // Whoever reads that it runs may stop it at once.
      const signalled = untilSignal()
      tell(logs, session, opened, registry?.url)
      await untilStopped(session, signalled)
    } finally {
      await registry?.close()
      await opened.close()
    }
  },
}

const httpOf = (call: Call) =>
  call.flag('metrics-port') === undefined
    ? undefined
    : { port: call.number('metrics-port', 0, portMax), host: call.flag('metrics-host'), flag: '--metrics-port' }

/** What runs where, in the form of everything else that is said: a program reads each line alike. */
const tell = (logs: Logs, { running, url }: Session, { where }: OpenedLog, registry: string | undefined): void => {
  for (const { name } of running) logs.say('info', `${name} runs on ${where}. Ctrl-C stops it.`, { topology: name })
  if (url !== undefined) logs.say('info', `figures at ${url}/metrics, ${url}/health and ${url}/stores`, { url })
  if (registry !== undefined) logs.say('info', `registry at ${registry}`, { url: registry })
}

/** Until a signal, or until something ends it: either way all that runs is stopped in order. */
const untilStopped = async (session: Session, signalled: Promise<unknown>): Promise<void> => {
  try {
    await Promise.race([signalled, session.ended])
  } finally {
    await session.stop()
  }
}
