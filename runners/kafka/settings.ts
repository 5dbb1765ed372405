import type { Note } from '../../topology/ports/connectors.ts'
import { KafkaError } from './failure.ts'
import type { ClientSettings } from './native.ts'

export interface KafkaOptions {
  /** `host:port`, several separated by commas. */
  readonly brokers: string
  /** Where the stores of this machine are kept; what is lost there is rebuilt from the changelogs. */
  readonly folder: string
  /** More settings of the client by its own names, as `security.protocol` and `sasl.password`: never shown. */
  readonly client?: Readonly<Record<string, string | number | boolean>>
  /** How members share partitions: the protocol of Kafka 4 (`consumer`) where the brokers have it, else `classic`. */
  readonly groupProtocol?: 'consumer' | 'classic'
  /** The instance's name belongs to one process for good: its restart moves no partitions, but its end is noticed late. */
  readonly staticMembers?: boolean
  /** 1: copies are kept here of the stores that this instance would get if any one other left. */
  readonly standby?: 0 | 1
  /** Copies of each topic that is made; undefined: what the brokers are set to. */
  readonly replicas?: number
  /** Brokers give up a transaction that is open for so long, as that of a dead process; readers wait for it. */
  readonly transactionTimeoutMs?: number
  /** How often what has been read is deleted from the topics between parts. */
  readonly purgeIntervalMs?: number
  /** How often is looked whether the client has silently stopped. */
  readonly watchIntervalMs?: number
  readonly note?: Note
}

export const transactionTimeoutMsDefault = 15_000
/** A commit that has not ended after this is given up, with time left to abort it before the brokers do. */
export const commitDeadlineMs = 10_000
/** A transaction is open for as long as a commit interval, and its commit may take as long as its deadline. */
export const transactionTimeoutFor = (commitIntervalMs: number): number =>
  Math.max(transactionTimeoutMsDefault, 2 * commitIntervalMs + commitDeadlineMs)

/** What was set by hand where it is long enough for every commit, else what is. */
export const transactionTimeoutOf = (client: KafkaOptions['client'], commitIntervalMs: number): number => {
  const least = transactionTimeoutFor(commitIntervalMs)
  const set = client?.['transaction.timeout.ms']
  if (set === undefined || Number(set) >= least) return Number(set ?? least)
  throw new KafkaError(
    'settings wrong',
    `transaction.timeout.ms is ${set}, and it must be at least ${least}: twice the commit interval, and the time that a commit may take. Raise it, leave it out, or lower --commit-interval.`,
  )
}

/** A broker that does not answer for so long cannot be reached. */
export const connectTimeoutMs = 15_000

/** Reads settings of the client as `name=value` lines, the form that Kafka's own tools take. */
export const parseSettings = (lines: string, where: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lines.split(/\r?\n/).flatMap((line, index) => {
      if (/^\s*(#|!|$)/.test(line)) return []
      const [, name, value] = /^\s*([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? []
      // The line itself is not shown: it may hold a secret.
      if (name === undefined || value === undefined)
        throw new KafkaError('settings wrong', `${where}, line ${index + 1}: it is not \`name=value\`.`)
      const java = ofJava[name]
      if (java !== undefined)
        throw new KafkaError(
          'settings wrong',
          `${where}, line ${index + 1}: ${name} is a setting of Java clients. ${java}`,
        )
      return [[name, value]]
    }),
  )

/** What Java clients are told otherwise. */
const ofJava: Readonly<Record<string, string>> = {
  'sasl.jaas.config': 'Give sasl.username and sasl.password instead.',
  'ssl.truststore.location': 'Give ssl.ca.location, a PEM file, instead.',
  'ssl.truststore.password': 'Give ssl.ca.location, a PEM file, instead.',
  'ssl.keystore.type': 'Give ssl.certificate.location and ssl.key.location, PEM files, instead.',
}

/** What every client of ours is told. */
const common = ({ brokers, client = {} }: KafkaOptions): ClientSettings => ({
  'client.id': 'franz',
  'socket.nagle.disable': true,
  'socket.connection.setup.timeout.ms': 10_000,
  // A broker that restarts is found again at once, and not after ten seconds.
  'reconnect.backoff.ms': 100,
  'reconnect.backoff.max.ms': 1_000,
  ...client,
  'bootstrap.servers': brokers,
})

const consuming = {
  'enable.auto.commit': false,
  'enable.auto.offset.store': false,
  'isolation.level': 'read_committed',
  'allow.auto.create.topics': false,
  'enable.partition.eof': true,
  'check.crcs': true,
  // A drained queue is filled again at once.
  'fetch.queue.backoff.ms': 5,
  // A reader learns so late that it has everything: joins wait for it.
  'fetch.wait.max.ms': 20,
  // What waits in the client is memory: enough for some turns of the worker, and no more.
  'fetch.message.max.bytes': 1024 * 1024,
  'fetch.max.bytes': 16 * 1024 * 1024,
  'queued.min.messages': 20_000,
  'queued.max.messages.kbytes': 8 * 1024,
} as const

export const adminSettings = (options: KafkaOptions): ClientSettings => common(options)

/** A reader of partitions that nobody owns. */
export const readerSettings = (options: KafkaOptions): ClientSettings => ({
  ...common(options),
  ...consuming,
  'group.id': 'franz-reader',
})

export const memberSettings = (options: KafkaOptions, group: string, instance: string): ClientSettings => ({
  ...common(options),
  ...consuming,
  'client.id': instance,
  'group.id': group,
  ...((options.groupProtocol ?? 'consumer') === 'consumer'
    ? { 'group.protocol': 'consumer', 'group.remote.assignor': 'range' }
    : { 'group.protocol': 'classic', 'partition.assignment.strategy': 'range' }),
  ...(options.staticMembers && { 'group.instance.id': `${group}-${instance}` }),
})

export const producerSettings = (options: KafkaOptions, group: string, instance: string): ClientSettings => ({
  ...common(options),
  'client.id': instance,
  'transactional.id': `${group}-${instance}`,
  'transaction.timeout.ms': options.transactionTimeoutMs ?? transactionTimeoutMsDefault,
  'compression.codec': 'lz4',
  // Flushing ends the lingering, so this fills batches and delays no commit.
  'linger.ms': 20,
  'batch.num.messages': 50_000,
  'batch.size': 1_000_000,
  // Transactions that follow each other are retried at this pace.
  'retry.backoff.ms': 5,
  'retry.backoff.max.ms': 200,
  'queue.buffering.max.messages': 1_000_000,
  'queue.buffering.max.kbytes': 512 * 1024,
  // The broker judges what is too large.
  'message.max.bytes': 1_000_000_000,
  'delivery.report.only.error': true,
  dr_cb: true,
})
