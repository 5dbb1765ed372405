// Figures as Prometheus reads them: https://prometheus.io/docs/instrumenting/exposition_formats
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Durations } from './figures.ts'
import type { Lag, Watch } from './watch.ts'

type Labels = Readonly<Record<string, string | number>>
type Sample = readonly [labels: Labels, value: number]

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const labelText = (labels: Labels): string => {
  const each = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`)
  return each.length === 0 ? '' : `{${each.join(',')}}`
}

const family = (name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string[] =>
  samples.length === 0
    ? []
    : [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}`),
      ]

const histogram = (name: string, help: string, each: readonly (readonly [Labels, Durations])[]): string[] =>
  each.length === 0
    ? []
    : [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} histogram`,
        ...each.flatMap(([labels, { bounds, counts, count, sum }]) => {
          let below = 0
          return [
            ...bounds.map((bound, at) => {
              below += counts[at]!
              return `${name}_bucket${labelText({ ...labels, le: bound })} ${below}`
            }),
            `${name}_bucket${labelText({ ...labels, le: '+Inf' })} ${count}`,
            `${name}_sum${labelText(labels)} ${sum}`,
            `${name}_count${labelText(labels)} ${count}`,
          ]
        }),
      ]

const processMetrics = new Registry()
let collects = false

/** All figures of some topologies, and those of this process. */
export const metricsText = async (watches: readonly Watch[]): Promise<string> => {
  if (!collects) collectDefaultMetrics({ register: processMetrics })
  collects = true
  const lags = (await Promise.all(watches.map(watch => watch.lags()))).flat()
  const lines = [...counters(watches), ...tallies(watches), ...durations(watches), ...gauges(watches, lags)]
  return `${lines.join('\n')}\n${await processMetrics.metrics()}`
}

const durations = (watches: readonly Watch[]): string[] => [
  ...histogram(
    'franz_commit_seconds',
    'How long commits took.',
    watches.map(watch => [of(watch), watch.figures.commits]),
  ),
  ...histogram(
    'franz_call_seconds',
    'How long attempts at calls took.',
    watches.flatMap(watch =>
      [...watch.figures.callTimes].map(([call, times]) => [{ ...of(watch), call }, times] as const),
    ),
  ),
  ...histogram(
    'franz_store_open_seconds',
    'How long stores took to open: restoring them is most of it.',
    watches.map(watch => [of(watch), watch.figures.opened]),
  ),
]

const gauges = (watches: readonly Watch[], lags: readonly Lag[]): string[] => {
  const each = (name: string, help: string, samples: (watch: Watch) => readonly Sample[]) =>
    family(
      name,
      'gauge',
      help,
      watches.flatMap(watch => samples(watch).map(([labels, value]): Sample => [{ ...of(watch), ...labels }, value])),
    )
  return [
    ...family(
      'franz_lag_records',
      'gauge',
      'Records that are there and not yet taken.',
      lags.map(({ group, topic, partition, lag }) => [{ group, topic, partition }, lag]),
    ),
    ...each('franz_partitions_owned', 'Partitions that are worked on here.', ({ log }) =>
      [...log.members].map(([group, { owned }]) => [{ group }, owned]),
    ),
    ...each('franz_calls_waiting', 'Records that wait for an answer.', watch =>
      watch.waiting().map(({ call, records }) => [{ call }, records]),
    ),
    ...each('franz_stores_opening', 'Stores that are being opened, or restored where they are not on disk.', watch => [
      [{}, watch.figures.opening],
    ]),
    ...each('franz_store_entries', 'Entries of stores, those that operators keep for themselves included.', watch =>
      watch.sizes().map(({ store, partition, entries }) => [{ store, partition }, entries]),
    ),
    ...each('franz_store_bytes', 'What stores take on disk.', watch =>
      watch
        .sizes()
        .flatMap(({ store, partition, bytes }) =>
          bytes === undefined ? [] : [[{ store, partition }, bytes] as const],
        ),
    ),
    ...each('franz_up', 'Whether the topology is at work and not stuck.', watch => [
      [{}, watch.trouble() === undefined ? 1 : 0],
    ]),
  ]
}

const of = ({ plan }: Watch): Labels => ({ topology: plan.name })

const counters = (watches: readonly Watch[]): string[] => {
  const each = (name: string, help: string, value: (watch: Watch) => number) =>
    family(
      name,
      'counter',
      help,
      watches.map(watch => [of(watch), value(watch)]),
    )
  return [
    ...each('franz_records_in_total', 'Records taken to be worked on.', ({ figures }) => figures.taken),
    ...each('franz_records_out_total', 'Records appended by commits.', ({ figures }) => figures.appended),
    ...each('franz_store_changes_total', 'Changes of stores in commits.', ({ figures }) => figures.changes),
    ...each(
      'franz_rewinds_total',
      'Times that all since the last commit was given up.',
      ({ figures }) => figures.rewinds,
    ),
  ]
}

const tallies = (watches: readonly Watch[]): string[] => {
  const each = (
    name: string,
    help: string,
    names: readonly string[],
    pick: (watch: Watch) => Watch['figures']['calls'],
  ) =>
    family(
      name,
      'counter',
      help,
      watches.flatMap(watch =>
        pick(watch).entries.map(([words, count]): Sample => {
          const labels = Object.fromEntries(names.map((label, at) => [label, words[at]!]))
          return [{ ...of(watch), ...labels }, count]
        }),
      ),
    )
  return [
    ...each(
      'franz_dropped_total',
      'Records that went no further, as late ones.',
      ['operator', 'reason'],
      ({ figures }) => figures.dropped,
    ),
    ...each(
      'franz_failures_total',
      'Records that met an error policy.',
      ['operator', 'policy'],
      ({ figures }) => figures.failed,
    ),
    ...each(
      'franz_calls_total',
      'Attempts at calls that have ended.',
      ['call', 'outcome'],
      ({ figures }) => figures.calls,
    ),
    ...each(
      'franz_rebalances_total',
      'Times that partitions were assigned, revoked or lost.',
      ['group', 'change'],
      ({ figures }) => figures.rebalances,
    ),
    ...each(
      'franz_source_records_total',
      'Records that sources have brought.',
      ['source'],
      ({ figures }) => figures.sources,
    ),
    ...each('franz_sink_records_total', 'Records that sinks have taken.', ['sink'], ({ figures }) => figures.sinks),
  ]
}
