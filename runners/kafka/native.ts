import { createRequire } from 'node:module'
import { KafkaError } from './failure.ts'

// What is used of @confluentinc/kafka-javascript: its callback API, for the other one hides how a transaction failed. Its
// own types leave out what they call internal, and the package need not be there when this is compiled.

export interface NativeError {
  readonly message: string
  readonly code: number
  readonly isFatal?: boolean
  readonly isRetriable?: boolean
  readonly isTxnRequiresAbort?: boolean
}

export type Settle<T = void> = (error: NativeError | null | undefined, value: T) => void

export interface Place {
  readonly topic: string
  readonly partition: number
}

export interface PlaceAt extends Place {
  readonly offset: number
}

/** Undefined headers, never null: null leaks memory. */
export type NativeHeaders = readonly Readonly<Record<string, Uint8Array>>[]

export interface Message extends PlaceAt {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly timestamp: number
  readonly headers?: NativeHeaders
}

/** What the client logs; `fac` says what it is about. */
export interface LogEvent {
  readonly severity: number
  readonly fac: string
  readonly message: string
}

interface Client {
  connect(options: { readonly timeout: number }, done: Settle<unknown>): void
  disconnect(done: Settle<unknown>): void
  isConnected(): boolean
  on(event: 'event.error', listener: (error: NativeError) => void): this
  on(event: 'event.log', listener: (log: LogEvent) => void): this
  setSaslCredentials(user: string, password: string): void
}

export interface Consumer extends Client {
  subscribe(topics: readonly string[]): void
  assign(places: readonly (Place | PlaceAt)[]): void
  unassign(): void
  incrementalAssign(places: readonly (Place | PlaceAt)[]): void
  incrementalUnassign(places: readonly Place[]): void
  assignmentLost(): boolean
  rebalanceProtocol(): 'NONE' | 'EAGER' | 'COOPERATIVE'
  assignments(): readonly Place[]
  consume(count: number, done: Settle<Message[]>): void
  committed(places: readonly Place[], timeoutMs: number, done: Settle<readonly PlaceAt[]>): void
  seek(place: PlaceAt, timeoutMs: number, done: Settle): void
  pause(places: readonly Place[]): void
  resume(places: readonly Place[]): void
  position(places: readonly Place[]): readonly PlaceAt[]
  setDefaultConsumeTimeout(timeoutMs: number): void
  setDefaultIsTimeoutOnlyForFirstMessage(first: boolean): void
  on(event: 'event.error', listener: (error: NativeError) => void): this
  on(event: 'event.log', listener: (log: LogEvent) => void): this
  on(event: 'partition.eof', listener: (at: PlaceAt) => void): this
}

export interface Producer extends Client {
  setPollInBackground(on: boolean): void
  initTransactions(timeoutMs: number, done: Settle): void
  beginTransaction(done: Settle): void
  commitTransaction(timeoutMs: number, done: Settle): void
  abortTransaction(timeoutMs: number, done: Settle): void
  sendOffsetsToTransaction(offsets: readonly PlaceAt[], consumer: Consumer, timeoutMs: number, done: Settle): void
  /** Copies what it is given. The opaque is undefined, never null: it would leak. */
  produce(
    topic: string,
    partition: number,
    value: Uint8Array | null,
    key: Uint8Array | null,
    timestamp: number,
    opaque: undefined,
    headers: NativeHeaders | undefined,
  ): void
  flush(timeoutMs: number, done: Settle): void
  on(event: 'event.error', listener: (error: NativeError) => void): this
  on(event: 'event.log', listener: (log: LogEvent) => void): this
  on(event: 'delivery-report', listener: (error: NativeError | null, report: PlaceAt) => void): this
}

export interface TopicDescription {
  readonly name: string
  readonly topicId: { readonly base64: string }
  readonly partitions: readonly { readonly leader: unknown }[]
  readonly error?: NativeError
}

export interface ListedOffset extends PlaceAt {
  readonly error?: NativeError
}

export interface Admin {
  createTopic(
    topic: {
      readonly topic: string
      readonly num_partitions: number
      readonly replication_factor: number
      readonly config: Readonly<Record<string, string>>
    },
    timeoutMs: number,
    done: Settle,
  ): void
  deleteTopic(topic: string, timeoutMs: number, done: Settle): void
  listTopics(options: { readonly timeout: number }, done: Settle<readonly string[]>): void
  describeTopics(
    topics: readonly string[],
    options: { readonly timeout: number },
    done: Settle<readonly TopicDescription[]>,
  ): void
  listOffsets(
    places: readonly (Place & { readonly offset: unknown })[],
    options: { readonly timeout: number; readonly isolationLevel: number },
    done: Settle<readonly ListedOffset[]>,
  ): void
  listGroups(
    options: { readonly timeout: number },
    done: Settle<{ readonly groups: readonly { readonly groupId: string }[] }>,
  ): void
  describeGroups(
    groups: readonly string[],
    options: { readonly timeout: number },
    done: Settle<{ readonly groups: readonly GroupDescription[] }>,
  ): void
  deleteGroups(
    groups: readonly string[],
    options: { readonly timeout: number },
    done: Settle<readonly { readonly groupId: string; readonly error?: NativeError }[]>,
  ): void
  deleteRecords(
    places: readonly PlaceAt[],
    options: { readonly timeout: number; readonly operationTimeout: number },
    done: Settle<readonly { readonly error?: NativeError }[]>,
  ): void
  disconnect(): void
}

export interface GroupDescription {
  readonly groupId: string
  readonly state: number
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId?: string
    readonly clientId: string
    readonly clientHost: string
    readonly assignment?: { readonly topicPartitions: readonly Place[] }
  }[]
  readonly error?: NativeError
}

export type ClientSettings = Readonly<Record<string, unknown>>

export interface Native {
  readonly KafkaConsumer: new (settings: ClientSettings, topicSettings: ClientSettings) => Consumer
  readonly Producer: new (settings: ClientSettings, topicSettings: ClientSettings) => Producer
  readonly AdminClient: {
    create(settings: ClientSettings, events?: Readonly<Record<string, (...args: never[]) => void>>): Admin
  }
  readonly OffsetSpec: { readonly EARLIEST: unknown; readonly LATEST: unknown }
  readonly IsolationLevel: { readonly READ_UNCOMMITTED: number; readonly READ_COMMITTED: number }
  readonly librdkafkaVersion: string
}

/** The codes that are told apart here, by their names in librdkafka. */
export const codes = {
  revokePartitions: -174,
  assignPartitions: -175,
  unknownPartition: -190,
  queueFull: -184,
  noOffset: -140,
  fatal: -150,
  state: -172,
  fenced: -144,
  maxPollExceeded: -147,
  timedOut: -185,
  allDown: -187,
  unknownTopic: 3,
  messageTooLarge: 10,
  leaderMissing: 5,
  leaderMoved: 6,
  coordinatorLoading: 14,
  coordinatorMissing: 15,
  coordinatorMoved: 16,
  topicRefused: 29,
  invalidTimestamp: 32,
  invalidRecord: 87,
  topicExists: 36,
  leaderEpochOld: 74,
  leaderEpochUnknown: 75,
  producerFenced: 90,
  invalidProducerEpoch: 47,
  fencedInstance: 82,
  unreleasedInstance: 111,
  unsupportedVersion: 35,
  unsupportedFeature: -165,
  unsupportedAssignor: 112,
} as const

const packageName = '@confluentinc/kafka-javascript'

/** Where the client may be: beside the one who uses this package, or in the folder that the setup of ours installs it in. */
const folders = ['./native.js', './client/package.json', '../../../runners/kafka/client/package.json']

/** Loads the client at first use: it is native, and whoever runs without Kafka needs none. */
export const loadNative = (): Native => {
  let reason = ''
  for (const folder of folders) {
    const require = createRequire(new URL(folder, import.meta.url))
    try {
      return require(packageName) as Native
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const [first = ''] = message.split('\n')
      if (code !== 'MODULE_NOT_FOUND' || !first.includes(packageName)) reason = first
    }
  }
  throw new KafkaError(
    'client missing',
    reason === ''
      ? `Kafka needs the native client ${packageName}, which is not installed. In this repository run \`npm run setup:kafka\`, in a project of yours \`npm i ${packageName}@1.10\`.`
      : `the Kafka client ${packageName} is installed but does not load: ${reason}. Install it anew for this Node (${process.version}): \`npm run setup:kafka\`, or \`npm rebuild ${packageName}\` in a project of yours.`,
  )
}

/** One call of the callback API as a promise. What the client throws or calls back with is no Error: it stays as it is. */
export const asked = <T>(call: (done: Settle<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, value) => (error ? reject(error) : resolve(value)))
  })
