import { durationText } from '../../graph/span.ts'
import type {
  DescribedCall,
  DescribedConnector,
  DescribedErrors,
  DescribedNode,
  DescribedPart,
  DescribedSettings,
  DescribedStore,
  DescribedTopic,
  Description,
} from './description.ts'

/** One line for each thing, in an order that a changed neighbour leaves alone: made to be compared line by line. */
export const textOf = (described: Description): string => {
  const { topology, errors, loops, parts, stores, topics, calls, connectors } = described
  const blocks = [
    [`topology ${topology}`, ...errorLines(errors), ...loops.map(topic => `  feeds itself through ${topic}`)],
    ...parts.map(partLines),
    section('calls', calls.map(callLine)),
    section('connectors', connectorLines(connectors)),
    section('stores', stores.map(storeLine)),
    section('topics', topics.map(topicLine)),
  ]
  return `${blocks
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map(line => `  ${line}`)]

const errorLines = ({ policy, deadLetters, reports }: DescribedErrors): string[] => [
  `  errors: ${deadLetters === null ? policy : `dead letters to ${deadLetters}`}${reports === null ? '' : `, reports to ${reports}`}`,
]

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`

const partLines = ({ id, tasks, meetings, nodes }: DescribedPart): string[] => [
  `sub-topology ${id}${tasks === null ? '' : tasks === 0 ? ': whole in each instance' : `: ${count(tasks, 'task')}`}`,
  ...meetings.map(({ node, topics }) => `  equal keys of ${topics.join(', ')} meet in ${node}`),
  ...nodes.map(node => `  ${nodeLine(node)}`),
]

const nodeLine = (node: DescribedNode): string => {
  const from = node.inputs.map(({ from, port }) => (port === 'out' ? from : `${from}.${port}`)).join(', ')
  const facts = [
    node.reads !== null && `reads ${node.reads}`,
    node.writes !== null && `writes ${node.writes}`,
    node.connector !== null && `connector ${node.connector}`,
    node.call !== null && `calls ${node.call}`,
    node.stores.length > 0 && `keeps ${node.stores.join(', ')}`,
    node.globals.length > 0 && `looks into ${node.globals.join(', ')}`,
    node.holds && 'holds back',
    node.note !== null && oneLine(node.note),
  ].filter(fact => fact !== false)
  return `${node.id}${from && ` <- ${from}`}${facts.length > 0 ? `: ${facts.join('; ')}` : ''}`
}

/** A note is a human's and may be of several lines. */
const oneLine = (note: string): string => note.replaceAll(/\s+/g, ' ').trim()

const callLine = ({ name, version, inFlight, timeoutMs, attempts, fallback, deadLetters }: DescribedCall): string =>
  [
    `${name}: version ${version}`,
    `${inFlight} in flight`,
    `${count(attempts, 'attempt')} of ${durationText(timeoutMs)}`,
    fallback && 'with a fallback',
    deadLetters !== null && `dead letters to ${deadLetters}`,
  ]
    .filter(fact => fact !== false)
    .join('; ')

const connectorLines = (connectors: readonly DescribedConnector[]): string[] =>
  [...new Set(connectors.map(({ name }) => name))].map(name => {
    const its = connectors.filter(connector => connector.name === name)
    const verb = its[0]!.direction === 'source' ? 'fills' : 'takes'
    return `${name}: ${verb} ${its.map(({ topic }) => topic).join(', ')}`
  })

const storeLine = (store: DescribedStore): string =>
  [
    `${store.name}: ${store.layout}`,
    store.window,
    store.retentionMs !== null && `kept ${durationText(store.retentionMs)}`,
    store.version !== 1 && `version ${store.version}`,
    store.rebuiltFrom === null ? `changelog ${store.changelog}` : `rebuilt from ${store.rebuiltFrom}`,
    `fed by ${store.fedBy.join(', ')}`,
  ]
    .filter(fact => fact !== false && fact !== null)
    .join('; ')

const topicLine = (topic: DescribedTopic): string =>
  [
    `${topic.name}: ${topic.purpose === 'declared' ? '' : `${topic.purpose}, `}${formats(topic)}`,
    topic.partitions !== null && count(topic.partitions, 'partition'),
    topic.reads === 'all' && 'read whole by each instance',
    topic.deadLettersOf.length > 0 && 'dead letters',
    topic.reports && 'reports',
    ...(topic.settings ? settings(topic.settings) : []),
  ]
    .filter(fact => fact !== false)
    .join('; ')

const formats = ({ key, value }: DescribedTopic): string => (key === null ? 'bytes as they came' : `${key} -> ${value}`)

const mebibyte = 1024 * 1024

const settings = ({ cleanup, purged, tombstonesMs, segmentMs, segmentBytes }: DescribedSettings) => [
  cleanup === 'compact' ? 'compacted' : !purged && 'kept for ever',
  purged && 'kept until read',
  tombstonesMs !== null && `deletions kept ${durationText(tombstonesMs)}`,
  segmentMs !== null && `segments of ${durationText(segmentMs)}`,
  segmentBytes !== null && `segments of ${segmentBytes / mebibyte} MiB`,
]
