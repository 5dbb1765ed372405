import type {
  DescribedConnector,
  DescribedNode,
  DescribedPart,
  DescribedStore,
  DescribedTopic,
  Description,
} from './description.ts'

/** A flowchart for people: sub-topologies as boxes, topics as rounded ends, stores as drums beside what keeps them. */
export const mermaidOf = (described: Description): string => {
  const names = new Names()
  const topics = described.topics.filter(({ purpose }) => purpose !== 'changelog')
  return `${[
    'flowchart LR',
    ...topics.map(topic => `  ${topicShape(names, topic)}`),
    ...described.parts.flatMap(part => partLines(names, part, described)),
    ...described.parts.flatMap(part => part.nodes.flatMap(node => outerEdges(names, part, node))),
    ...described.connectors.flatMap(connector => connectorLines(names, connector)),
    ...deadLetterEdges(names, described),
  ].join('\n')}\n`
}

/** Mermaid's own ids, which know neither spaces nor dots: one for each thing, by its full name. */
class Names {
  readonly #ids = new Map<string, string>()

  of(kind: 'topic' | 'store' | 'node' | 'connector', name: string): string {
    const full = `${kind} ${name}`
    const id = this.#ids.get(full) ?? `${kind}${this.#ids.size}`
    this.#ids.set(full, id)
    return id
  }

  /** The reading and the writing side of an exchange are two boxes. */
  node(part: DescribedPart, { id, role }: DescribedNode): string {
    return this.of('node', `${part.id} ${role} ${id}`)
  }
}

/** Quoted, with every character that Mermaid or HTML could take for its own written as an entity. */
const label = (...lines: readonly string[]): string =>
  `"${lines.map(line => line.replaceAll(/[^\p{L}\p{N} .,:?!+=/()_|-]/gu, entity)).join('<br>')}"`

const entity = (character: string): string => (/\s/.test(character) ? ' ' : `#${character.codePointAt(0)};`)

const topicShape = (names: Names, { name, key, value }: DescribedTopic): string =>
  `${names.of('topic', name)}([${label(name, key === null ? 'bytes as they came' : `${key} -> ${value}`)}])`

const partLines = (names: Names, part: DescribedPart, { stores }: Description): string[] => {
  const tasks = part.tasks ? `, ${part.tasks} ${part.tasks === 1 ? 'task' : 'tasks'}` : ''
  const kept = stores.filter(store => store.part === part.id)
  return [
    `  subgraph part${part.id}[${label(`sub-topology ${part.id}${tasks}`)}]`,
    ...part.nodes.map(
      node => `    ${names.node(part, node)}[${label(node.id, ...(node.note === null ? [] : [node.note]))}]`,
    ),
    ...kept.map(store => `    ${storeShape(names, store)}`),
    ...part.nodes.flatMap(node => innerEdges(names, part, node)).map(edge => `    ${edge}`),
    '  end',
  ]
}

const storeShape = (names: Names, { name, layout, window }: DescribedStore): string =>
  `${names.of('store', name)}[(${label(name, layout, ...(window === null ? [] : [window]))})]`

const innerEdges = (names: Names, part: DescribedPart, node: DescribedNode): string[] => {
  const to = names.node(part, node)
  const from = (id: string) => part.nodes.find(other => other.id === id && other.role !== 'writer')!
  return [
    ...node.inputs.map(edge => {
      const arm = edge.port === 'out' ? '' : `|${label(edge.port)}|`
      return `${names.node(part, from(edge.from))} -->${arm} ${to}`
    }),
    ...node.stores.map(store => `${to} --- ${names.of('store', store)}`),
  ]
}

/** Behind all boxes: what is first named inside of one is drawn inside of it. */
const outerEdges = (names: Names, part: DescribedPart, node: DescribedNode): string[] => [
  ...(node.reads === null ? [] : [`  ${names.of('topic', node.reads)} --> ${names.node(part, node)}`]),
  ...(node.writes === null ? [] : [`  ${names.node(part, node)} --> ${names.of('topic', node.writes)}`]),
  ...node.globals.map(store => `  ${names.of('store', store)} -.- ${names.node(part, node)}`),
]

/** The outside world, as hexagons: what fills a topic, and what takes it away. */
const connectorLines = (names: Names, { name, direction, topic }: DescribedConnector): string[] => {
  const shape = `${names.of('connector', name)}{{${label(name, direction)}}}`
  const at = names.of('topic', topic)
  return [direction === 'source' ? `  ${shape} ==> ${at}` : `  ${at} ==> ${shape}`]
}

/** What cannot be handled comes from anywhere behind a source: one dotted line from each source's topic. */
const deadLetterEdges = (names: Names, { topics, parts, errors, connectors }: Description): string[] => {
  const nodes = parts.flatMap(part => part.nodes)
  const readBy = (id: string): readonly string[] => {
    const taken = connectors.filter(({ direction, node }) => direction === 'sink' && node === id)
    return [
      ...nodes.filter(node => node.id === id).flatMap(({ reads }) => reads ?? []),
      ...taken.map(({ topic }) => topic),
    ]
  }
  const letters = topics.flatMap(({ name, deadLettersOf }) =>
    [...new Set(deadLettersOf.flatMap(readBy))].map(
      read => `  ${names.of('topic', read)} -. dead letters .-> ${names.of('topic', name)}`,
    ),
  )
  if (errors.deadLetters === null || errors.reports === null) return letters
  return [...letters, `  ${names.of('topic', errors.deadLetters)} -. reports .-> ${names.of('topic', errors.reports)}`]
}
