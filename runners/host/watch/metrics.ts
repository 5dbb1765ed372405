// Figures as Prometheus reads them: https://prometheus.io/docs/instrumenting/exposition_formats
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Durations } from './figures.ts'
import type { Watch } from './watch.ts'

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
  const lines = [
    ...counters(watches),
    ...tallies(watches),
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
    ...family(
      'franz_stores_opening',
      'gauge',
      'Stores that are being opened, or restored where they are not on disk.',
      watches.map(watch => [of(watch), watch.figures.opening]),
    ),
    ...family(
      'franz_partitions_owned',
      'gauge',
      'Partitions that are worked on here.',
      watches.flatMap(watch =>
        [...watch.log.members].map(([group, { owned }]): Sample => [{ ...of(watch), group }, owned]),
      ),
    ),
    ...family(
      'franz_calls_waiting',
      'gauge',
      'Records that wait for an answer.',
      watches.flatMap(watch => watch.waiting().map(({ call, records }): Sample => [{ ...of(watch), call }, records])),
    ),
    ...family(
      'franz_lag_records',
      'gauge',
      'Records that are there and not yet taken.',
      lags.map(({ group, topic, partition, lag }) => [{ group, topic, partition }, lag]),
    ),
    ...family(
      'franz_store_entries',
      'gauge',
      'Entries of stores, those that operators keep for themselves included.',
      watches.flatMap(watch =>
        watch.sizes().map(({ store, partition, entries }): Sample => [{ ...of(watch), store, partition }, entries]),
      ),
    ),
    ...family(
      'franz_store_bytes',
      'gauge',
      'What stores take on disk.',
      watches.flatMap(watch =>
        watch
          .sizes()
          .flatMap(({ store, partition, bytes }): Sample[] =>
            bytes === undefined ? [] : [[{ ...of(watch), store, partition }, bytes]],
          ),
      ),
    ),
    ...family(
      'franz_up',
      'gauge',
      'Whether the topology is at work and not stuck.',
      watches.map(watch => [of(watch), watch.trouble() === undefined ? 1 : 0]),
    ),
  ]
  return `${lines.join('\n')}\n${await processMetrics.metrics()}`
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
