// The one place where a command comes to its log: a data folder, or Kafka.
import { existsSync } from 'node:fs'
import type { Log } from '../../topology/ports/log.ts'
import type { Operations } from '../../topology/ports/operations.ts'
import { type Call, CommandError, type Flag } from './command.ts'

export const logFlags: Readonly<Record<string, Flag>> = {
  data: { type: 'string', says: 'the data folder', default: './data', value: 'DIR' },
  brokers: { type: 'string', says: 'Kafka instead of a data folder: host:port, several with commas', value: 'LIST' },
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
  close(): Promise<void>
}

/** `make`: a data folder that is not there is made; else a typing mistake must not make one. */
export const openLog = async (call: Call, use: 'make' | 'existing'): Promise<OpenedLog> => {
  const brokers = call.flag('brokers')
  if (brokers !== undefined) return openKafka(brokers)
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
    close: () => log.close(),
  }
}

const openKafka = async (_brokers: string): Promise<OpenedLog> => {
  throw new CommandError('usage', 'this version works on a data folder: leave --brokers away.')
}
