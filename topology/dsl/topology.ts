import type { ErrorPolicy, ErrorsFacts, Graph, SourceFacts } from '../graph/graph.ts'
import { delivery } from '../operators/delivery.ts'
import { source } from '../operators/source.ts'
import { tableSource } from '../operators/table.ts'
import type { ErrorReport } from '../ports/error-report.ts'
import { Drawing, type Place } from './drawing.ts'
import { millis } from './duration.ts'
import { type GlobalTable, GlobalTableHandle } from './global-table.ts'
import { storeFacts } from './store-facts.ts'
import type { SourceOptions, StoreOptions, Stream, TableOptions } from './stream.ts'
import { StreamHandle } from './stream-handle.ts'
import type { Table } from './table.ts'
import { TableHandle } from './table-handle.ts'
import { tableKept } from './table-kept.ts'
import { type Sink, type Source, specOf } from './topic.ts'

/**
 * What a topology is drawn with.
 * @example const drawCopy = (draft: Draft) => draft.stream(lines).to(copies)
 */
export interface Draft {
  /**
   * Reads a topic as a stream. Tombstones are passed over unless they are asked for.
   * @example const tickets = draft.stream(ticketsFormatted)
   */
  stream<K, V>(topic: Source<K, V>, options: SourceOptions<V> & { readonly tombstones: 'keep' }): Stream<K, V | null, V>
  stream<K, V>(topic: Source<K, V>, options?: SourceOptions<V>): Stream<K, V>

  /**
   * Reads a topic that a connector of this name fills from outside, with its cursor in the commit of what it appends. The
   * runner is given the connector, as `sources` of its options or of `franz.config.ts`.
   * @example const mails = draft.source('inbox', mailTopic)
   */
  source<K, V>(
    name: string,
    topic: Source<K, V>,
    options: SourceOptions<V> & { readonly tombstones: 'keep' },
  ): Stream<K, V | null, V>
  source<K, V>(name: string, topic: Source<K, V>, options?: SourceOptions<V>): Stream<K, V>

  /**
   * Gives what these topics hold to a connector of this name, which takes it outside: whoever writes them. It keeps a
   * position of its own, and waits for nobody. The runner is given the connector, as `sinks`.
   * @example draft.sink('export', ticketsLabeled, ticketEvents)
   */
  sink(name: string, topic: Source<unknown, unknown>, ...more: readonly Source<unknown, unknown>[]): void

  /**
   * Reads a topic as a table, kept in a store of this name. With `versioned` it keeps what each row was, as far back as
   * its history, and streams are joined with the row of each record's own time.
   * @example
   * const customers = draft.table('customers', customersTopic)
   * const prices = draft.table('prices', pricesTopic, { versioned: { history: '1d' } })
   */
  table<K, V>(name: string, topic: Source<K, V>, options?: SourceOptions<V> & TableOptions): Table<K, V>

  /**
   * Reads every partition of a topic into a table that each instance has whole, in memory. Records find any row of it
   * with `stream.lookup`. A record that cannot be read stops the topology, unless `onError: 'skip'` leaves it out.
   * @example const countries = draft.globalTable('countries', countriesTopic)
   */
  globalTable<K, V>(name: string, topic: Source<K, V>, options?: GlobalTableOptions<V>): GlobalTable<K, V>
}

/**
 * Options of a global table. Each instance reads all of it, so that a dead letter would be written by each.
 * @example const lenient: GlobalTableOptions<Country> = { onError: 'skip' }
 */
export interface GlobalTableOptions<V> extends Pick<SourceOptions<V>, 'timestamp'>, StoreOptions {
  /** What a record meets that cannot be read. */
  readonly onError?: 'fail' | 'skip'
}

/**
 * A declared topology: frozen, to be planned, described, tested and run.
 * @example const texts = (topologies: readonly Topology[]) => topologies.map(topology => describe(topology))
 */
export interface Topology {
  readonly name: string
  readonly graph: Graph
}

/**
 * What a topology does about records that it cannot handle.
 * @example const options: TopologyOptions = { deadLetters: ticketsDlq, errors }
 */
export interface TopologyOptions {
  /** Where records go that cannot be handled; without it the first such record stops the topology. */
  readonly deadLetters?: Source<unknown, unknown>
  /** One report for each dead letter. */
  readonly errors?: Sink<string, ErrorReport>
  /** For those who would rather lose a record than stop, and have it counted. */
  readonly onError?: 'fail' | 'skip'
  /** `refuse`: a null key where one is needed meets the error policy. Else such a record is dropped and counted, as in Kafka Streams. */
  readonly nullKeys?: 'drop' | 'refuse'
}

/**
 * Declares a topology: nothing runs, `draw` only describes.
 * @example
 * const copy = topology('copy', draft => draft.stream(lines).to(copies))
 */
export function topology(name: string, draw: (draft: Draft) => void): Topology
export function topology(name: string, options: TopologyOptions, draw: (draft: Draft) => void): Topology
export function topology(
  name: string,
  second: TopologyOptions | ((draft: Draft) => void),
  third?: (draft: Draft) => void,
): Topology {
  const [options, draw] = typeof second === 'function' ? [{}, second] : [second, third!]
  const drawing = new Drawing(name)
  draw(draftOf(drawing))
  const graph: Graph = Object.freeze({ name, nodes: drawing.complete(), errors: errorsOf(options) })
  return Object.freeze({ name, graph })
}

const errorsOf = ({ deadLetters, errors, onError, nullKeys }: TopologyOptions): ErrorsFacts => ({
  nullKeys: nullKeys === 'refuse' ? nullKeys : undefined,
  policy: deadLetters ? { deadLetter: deadLetters.name } : (onError ?? 'fail'),
  deadLetters: deadLetters && specOf(deadLetters),
  reports: errors && specOf(errors as Sink<never, never>),
})

const policyOf = (onError: SourceOptions<never>['onError']): ErrorPolicy | undefined =>
  typeof onError === 'object' ? { deadLetter: onError.deadLetter.name } : onError

const sourceFacts = <V>(
  topic: Source<unknown, V>,
  options: SourceOptions<V> & { tombstones?: string },
  connector?: string,
): SourceFacts => ({
  topic: specOf(topic),
  connector,
  reads: 'own',
  tombstones: options.tombstones === 'keep' ? 'keep' : 'drop',
  timestamp: options.timestamp as SourceFacts['timestamp'],
  onError: policyOf(options.onError),
  idleMs: options.idle === undefined ? undefined : millis(options.idle, `idle of ${topic.name}`),
  aheadMaxMs: options.aheadMax === undefined ? undefined : millis(options.aheadMax, `aheadMax of ${topic.name}`),
})

const draftOf = (drawing: Drawing): Draft => {
  const draft = {
    stream<V>(topic: Source<unknown, V>, options: SourceOptions<V> & { tombstones?: string } = {}) {
      const id = drawing.add(source(sourceFacts(topic, options)), [], topic.name)
      return new StreamHandle(outOf(drawing, id), topic.key, topic.value)
    },
    source<V>(name: string, topic: Source<unknown, V>, options: SourceOptions<V> & { tombstones?: string } = {}) {
      const id = drawing.add(source(sourceFacts(topic, options, name)), [], topic.name)
      return new StreamHandle(outOf(drawing, id), topic.key, topic.value)
    },
    sink(name: string, ...topics: readonly Source<unknown, unknown>[]) {
      drawing.add(delivery(name, topics.map(specOf)), [], name)
    },
    table<V>(name: string, topic: Source<unknown, V>, options: SourceOptions<V> & TableOptions = {}) {
      const facts = sourceFacts(topic, { ...options, tombstones: 'keep' })
      const table = tableKept(name, topic.key, topic.value, options)
      const id = drawing.add(tableSource(facts, table), [], name)
      return new TableHandle(outOf(drawing, id), topic.key, topic.value, table.historyMs)
    },
    globalTable<V>(name: string, topic: Source<unknown, V>, options: GlobalTableOptions<V> = {}) {
      const facts = sourceFacts(topic, { onError: 'fail', ...options, tombstones: 'keep' })
      return new GlobalTableHandle(drawing, facts, storeFacts(name, 'table', topic.key, topic.value, options))
    },
  }
  return draft as unknown as Draft
}

const outOf = (drawing: Drawing, id: string): Place => ({ drawing, edge: { from: id, port: 'out' } })
