import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts, type Running, startChild } from './child.ts'
import { jarsOf } from './parts.ts'
import { fromSession } from './session.ts'

// A real Kafka on this machine: one process for each broker, each of them controller too, up in about two seconds.

export interface KafkaOptions {
  /** Three make a cluster that survives the loss of any one. */
  readonly brokers?: 1 | 3
  /** How clients come in: plain without it. */
  readonly security?: Security
  /** Clients that bootstrap at `bootstrapBehind` are told that the only broker is at this port: a proxy of yours. */
  readonly proxyPort?: number
  /** Any setting of a broker. */
  readonly settings?: Readonly<Record<string, string | number>>
  readonly heapMb?: number
  /** Flags for Java, as properties of its own. */
  readonly jvm?: readonly string[]
  /** For benchmarks: let the machine code be as good as it gets, at the price of a slower start. */
  readonly fullCompiler?: boolean
}

export interface Security {
  readonly protocol: 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
  readonly settings: Readonly<Record<string, string>>
  /** `SCRAM-SHA-256=[name=alice,password=secret]` and the like. */
  readonly scram?: readonly string[]
}

export interface Broker {
  readonly id: number
  readonly address: string
  readonly pid: number
  readonly alive: boolean
  /** Hands over and ends, as for maintenance. */
  stop(): Promise<void>
  kill(): Promise<void>
  /** With the data and at the ports that it had. */
  start(): Promise<void>
  /** SIGSTOP and SIGCONT. */
  freeze(): void
  thaw(): void
}

export interface Kafka {
  readonly bootstrap: string
  /** The door that leads through `proxyPort`. */
  readonly bootstrapBehind: string
  /** Where the first broker listens for whoever comes through `proxyPort`. */
  readonly portBehind: number
  readonly brokers: readonly Broker[]
  readonly folder: string
  stop(): Promise<void>
}

const clusterId = 'RnJhbnpUZXN0c0thZmthUQ'
const heapMbDefault = 512

/** Timeouts that a test can wait for; everything else is Kafka's own. */
const testSettings = (brokers: number): Record<string, string | number> => ({
  'auto.create.topics.enable': 'false',
  'num.partitions': 4,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.num.partitions': 1,
  'offsets.topic.replication.factor': brokers,
  'transaction.state.log.replication.factor': brokers,
  'share.coordinator.state.topic.replication.factor': brokers,
  'transaction.state.log.min.isr': brokers === 3 ? 2 : 1,
  'default.replication.factor': brokers,
  'min.insync.replicas': brokers === 3 ? 2 : 1,
  'group.initial.rebalance.delay.ms': 0,
  'group.min.session.timeout.ms': 1_000,
  'group.consumer.min.session.timeout.ms': 1_000,
  'group.consumer.session.timeout.ms': 6_000,
  'group.consumer.min.heartbeat.interval.ms': 100,
  'group.consumer.heartbeat.interval.ms': 500,
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': 500,
  'log.retention.check.interval.ms': 300_000,
  'log.cleaner.dedupe.buffer.size': 16_777_216,
  'broker.heartbeat.interval.ms': 300,
  'broker.session.timeout.ms': 2_000,
})

interface Ports {
  readonly client: number
  readonly broker: number
  readonly controller: number
  readonly behind: number
}

const propertiesOf = (id: number, ports: readonly Ports[], folder: string, options: KafkaOptions): string => {
  const own = ports[id - 1]!
  const at = (port: number): string => `127.0.0.1:${port}`
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': ports.map(({ controller }, index) => `${index + 1}@${at(controller)}`).join(','),
    listeners: `CLIENT://${at(own.client)},BROKER://${at(own.broker)},BEHIND://${at(own.behind)},CONTROLLER://${at(own.controller)}`,
    'advertised.listeners': `CLIENT://${at(own.client)},BROKER://${at(own.broker)},BEHIND://${at(options.proxyPort ?? own.behind)}`,
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `CLIENT:${options.security?.protocol ?? 'PLAINTEXT'},BROKER:PLAINTEXT,BEHIND:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'log.dirs': join(folder, 'data'),
    ...testSettings(ports.length),
    ...options.security?.settings,
    ...options.settings,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

const java = (options: KafkaOptions): string[] => [
  `-Xmx${options.heapMb ?? heapMbDefault}m`,
  ...(options.fullCompiler ? [] : ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']),
  '-XX:-UsePerfData',
  ...(options.jvm ?? []),
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-cp',
  join(jarsOf('kafka'), '*'),
]

const startBroker = async (
  id: number,
  ports: readonly Ports[],
  root: string,
  options: KafkaOptions,
): Promise<Broker> => {
  const folder = join(root, `broker-${id}`)
  mkdirSync(folder)
  const properties = join(folder, 'server.properties')
  writeFileSync(properties, propertiesOf(id, ports, folder, options))
  const scram = (options.security?.scram ?? []).flatMap(user => ['--add-scram', user])
  const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties, ...scram]
  await promisify(execFile)('java', [...java(options), ...format])
  let starts = 0
  let running: Running
  const start = async (): Promise<void> => {
    running = await startChild({
      name: `Kafka's broker ${id}`,
      program: 'java',
      args: [...java(options), 'kafka.Kafka', properties],
      log: join(folder, `output-${++starts}.log`),
      ready: 'Kafka Server started',
    })
  }
  await start()
  return {
    id,
    address: `127.0.0.1:${ports[id - 1]!.client}`,
    get pid() {
      return running.pid
    },
    get alive() {
      return running.alive
    },
    stop: () => running.stop(),
    kill: () => running.kill(),
    start,
    freeze: () => running.signal('SIGSTOP'),
    thaw: () => running.signal('SIGCONT'),
  }
}

export const startKafka = async (options: KafkaOptions = {}): Promise<Kafka> => {
  const howMany = options.brokers ?? 1
  const free = await freePorts(howMany * 4)
  const ports = Array.from({ length: howMany }, (_, index): Ports => {
    const [client, broker, controller, behind] = free.slice(index * 4, index * 4 + 4) as [
      number,
      number,
      number,
      number,
    ]
    return { client, broker, controller, behind }
  })
  const folder = mkdtempSync(join(tmpdir(), 'franz-kafka-'))
  const started = await Promise.allSettled(ports.map((_, index) => startBroker(index + 1, ports, folder, options)))
  const brokers = started.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  const stop = async (): Promise<void> => {
    // The data are thrown away: nobody waits for an orderly end.
    await Promise.all(brokers.map(broker => broker.kill()))
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  const failure = started.find(result => result.status === 'rejected')
  if (failure) {
    await stop()
    throw failure.reason
  }
  return {
    bootstrap: brokers.map(({ address }) => address).join(','),
    bootstrapBehind: `127.0.0.1:${options.proxyPort ?? ports[0]!.behind}`,
    portBehind: ports[0]!.behind,
    brokers,
    folder,
    stop,
  }
}

/** The one broker that all test files of this run share: give topics and groups names of your own. */
export const sharedKafka = (): Promise<{ readonly bootstrap: string }> => fromSession('kafka')
