import { type Topology, text, topic, topology, whole, windowed } from '../../../topology/index.ts'

// The same four programs as in java/Peer.java, on the same topics.

export const topologyNames = ['map', 'count', 'windowed', 'join'] as const
export type TopologyName = (typeof topologyNames)[number]

export interface Topics {
  readonly group: string
  readonly input: string
  readonly output: string
  readonly table: string
}

const texts = (name: string) => topic(name, { key: text, value: text })

const makers: Readonly<Record<TopologyName, (topics: Topics) => Topology>> = {
  map: ({ group, input, output }) =>
    topology(group, draft =>
      draft
        .stream(texts(input))
        .map(value => `${value}!`, { as: text })
        .to(texts(output)),
    ),
  count: ({ group, input, output }) =>
    topology(group, draft =>
      draft
        .stream(texts(input))
        .group()
        .count('counts')
        .changes()
        .to(topic(output, { key: text, value: whole })),
    ),
  windowed: ({ group, input, output }) =>
    topology(group, draft =>
      draft
        .stream(texts(input))
        .group()
        .tumbling({ size: '10s', grace: '1m' })
        .count('counts')
        .changes()
        .to(topic(output, { key: windowed(text, '10s'), value: whole })),
    ),
  join: ({ group, input, output, table }) =>
    topology(group, draft =>
      draft
        .stream(texts(input))
        .join(draft.table('table', texts(table)), (left, right) => `${left}|${right}`, { as: text })
        .to(texts(output)),
    ),
}

export const topologyOf = (name: TopologyName, topics: Topics): Topology => makers[name](topics)
