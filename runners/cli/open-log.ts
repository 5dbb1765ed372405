// The one place where a command comes to its log: a data folder, or Kafka.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../../topology/ports/log.ts'
import type { Operations } from '../../topology/ports/operations.ts'
import { type Call, CommandError, type Flag, twinOf } from './command.ts'

export const logFlags: Readonly<Record<string, Flag>> = {
  data: { type: 'string', says: 'the data folder', default: './data', value: 'DIR' },
  brokers: { type: 'string', says: 'Kafka instead of a data folder: host:port, several with commas', value: 'LIST' },
  'kafka-config': {
    type: 'string',
    says: 'settings of the Kafka client as name=value lines; FRANZ_KAFKA_SASL_PASSWORD sets sasl.password',
    value: 'FILE',
  },
}

/** How a process that runs on Kafka takes part. */
export const memberFlags: Readonly<Record<string, Flag>> = {
  standby: { type: 'string', says: 'on Kafka: 1 keeps copies of the stores that would move here', value: 'N' },
  static: {
    type: 'boolean',
    says: 'on Kafka: the name of the instance is kept for its next start, which moves nothing',
  },
}

/** A log that a command works on. */
export interface OpenedLog {
  readonly log: Log
  readonly operations: Operations
  /** For people: which one it is. */
  readonly where: string
  /** The flags that name it, for commands that are suggested. */
  readonly flags: string
  /** Partitions that a topic is made with at first use; undefined: topics are made by hand. */
  readonly partitionsDefault: number | undefined
  /** Reads all there is, and throws where something is not as it was written; undefined: others see to that. */
  check?(): void
  close(): Promise<void>
}

/** `make`: a data folder that is not there is made; else a typing mistake must not make one. */
export const openLog = async (call: Call, use: 'make' | 'existing'): Promise<OpenedLog> => {
  const brokers = call.flag('brokers')
  if (brokers !== undefined) return openKafka(brokers, call)
  const folder = call.flag('data')!
  if (use === 'existing' && !existsSync(folder)) {
    const fix = 'Name one with --data, or make one by `franz run`.'
    throw new CommandError('failed', `there is no data folder ${folder}. ${fix}`)
  }
  return openFolder(folder)
}

/** Loaded when it is needed: who works with Kafka needs no LMDB beside it, and the other way round. */
export const openFolder = async (folder: string): Promise<OpenedLog> => {
  const { EmbeddedLog, embeddedOperations } = await import('../embedded/index.ts')
  const log = EmbeddedLog.open(folder)
  return {
    log,
    operations: embeddedOperations(log),
    where: log.folder,
    flags: `--data ${folder}`,
    partitionsDefault: 4,
    check: () => log.check(),
    close: () => log.close(),
  }
}

const openKafka = async (brokers: string, call: Call): Promise<OpenedLog> => {
  const { KafkaLog, kafkaOperations, transactionTimeoutOf } = await import('../kafka/index.ts')
  const options = { brokers, folder: join(call.flag('data')!, 'kafka'), client: await clientSettings(call) }
  const transactionTimeoutMs = transactionTimeoutOf(options.client, Number(call.flag('commit-interval') ?? 0))
  const standby = call.flag('standby') === undefined ? 0 : (call.number('standby', 0, 1) as 0 | 1)
  const log = await KafkaLog.open({ ...options, standby, staticMembers: call.is('static'), transactionTimeoutMs })
  return {
    log,
    operations: kafkaOperations(log),
    where: `Kafka at ${brokers}`,
    flags: `--brokers ${brokers}`,
    partitionsDefault: undefined,
    close: () => log.close(),
  }
}

const settingPrefix = 'FRANZ_KAFKA_'

/** From the file, and from the environment, where secrets belong: FRANZ_KAFKA_SASL_PASSWORD is sasl.password. */
const clientSettings = async (call: Call): Promise<Readonly<Record<string, string>>> => {
  const { parseSettings } = await import('../kafka/index.ts')
  const file = call.flag('kafka-config')
  if (file !== undefined && !existsSync(file))
    throw new CommandError('usage', `there is no file ${file}, which --kafka-config names.`)
  const set = Object.entries(call.env).flatMap(([name, value]) =>
    name.startsWith(settingPrefix) && name !== twinOf('kafka-config') && value
      ? [[name.slice(settingPrefix.length).toLowerCase().replaceAll('_', '.'), value] as const]
      : [],
  )
  return { ...(file && parseSettings(readFileSync(file, 'utf8'), file)), ...Object.fromEntries(set) }
}
