import type { CaseNode } from '../case-format.ts'
import type { Dice } from './dice.ts'

/** What a node so far drawn yields, and what must be known to draw on from it. */
export interface Handle {
  readonly id: string
  readonly kind: 'stream' | 'table' | 'windowed'
  /** The source topics it comes from. */
  readonly sources: readonly string[]
  /** The repartition topics it came through, as text. */
  readonly repartitions: string
  /** The key was changed: a stateful operator behind it repartitions. */
  readonly rekeyed: boolean
  readonly nullValues: boolean
  readonly nullKeys: boolean
  /** Records of different keys come in no order that should be relied on. */
  readonly unordered: boolean
  /**
   * Of tables: the first update names the initial value as the old one, against all reason (see deviations):
   * `direct` out of the aggregate, `spread` through what follows. `closed`: nothing but its changes may follow.
   */
  readonly oldValue: 'right' | 'direct' | 'spread' | 'closed'
  /** The table keeps history; a filter or map of it does too, unless it is stored. */
  readonly versioned: boolean
  /** One input record may become several of one key. */
  readonly several: boolean
}

export type Facts = Omit<Handle, 'id'>
type WithoutId<Node> = Node extends CaseNode ? Omit<Node, 'id'> : never
export type Undrawn = WithoutId<CaseNode>

/** A topology in the making. */
export class Draft {
  readonly dice: Dice
  readonly nodes: CaseNode[] = []
  readonly topics: { readonly topic: string; readonly kind: 'stream' | 'table'; readonly nullKeys: boolean }[] = []
  private readonly ends: Handle[] = []
  /** Times and sizes are multiples of three, graces are not: no window closes at the moment it ends. */
  thirds = false
  /** A task's timers see the stream time of all its inputs: nothing may be repartitioned beside them. */
  timers = false

  /** How far back a record may reach so that no stream-stream join meets a quirk of Kafka Streams with it. */
  pastMaxMs = Number.MAX_SAFE_INTEGER

  constructor(dice: Dice) {
    this.dice = dice
  }

  /** Adds a node; what it is fed from is no loose end any more, the node itself is one. */
  add(node: Undrawn, facts: Facts): Handle {
    const handle = { ...facts, id: `${node.op}${this.nodes.length + 1}` }
    this.nodes.push({ ...node, id: handle.id } as CaseNode)
    if ('from' in node) for (const id of node.from) this.consume(id)
    this.ends.push(handle)
    return handle
  }

  /** Adds a node with several outlets, each a loose end of its own. */
  addArms(node: Omit<Extract<CaseNode, { op: 'branch' }>, 'id'>, facts: Facts): Handle[] {
    this.nodes.push({ ...node, id: `branch${this.nodes.length + 1}` })
    for (const id of node.from) this.consume(id)
    const arms = node.arms.map(arm => ({ ...facts, id: arm.id }))
    this.ends.push(...arms)
    return arms
  }

  source(kind: 'stream' | 'table', options: { historyMs?: number; nullKeys?: boolean; global?: true } = {}): Handle {
    const topic = `t${this.topics.length + 1}`
    const nullKeys = options.nullKeys ?? true
    this.topics.push({ topic, kind, nullKeys })
    const { historyMs } = options
    const facts = {
      ...plainFacts,
      kind,
      sources: [topic],
      nullValues: true,
      nullKeys: nullKeys && kind === 'stream',
      versioned: historyMs !== undefined,
    }
    if (options.global) return this.add({ op: 'globalTable', topic }, facts)
    if (kind === 'stream') return this.add({ op: 'stream', topic }, facts)
    return this.add({ op: 'table', topic, ...(historyMs === undefined ? {} : { historyMs }) }, facts)
  }

  nextId(): string {
    return String(this.nodes.length + 1)
  }

  /** Every loose end flows into a topic of its own; some nodes in the middle do, too. */
  finish(): void {
    for (const end of [...this.ends]) {
      const from = end.kind === 'stream' ? end : this.changes(end)
      this.nodes.push({ id: `to${this.nodes.length + 1}`, op: 'to', from: [from.id], topic: `out-${from.id}` })
    }
  }

  changes(table: Handle): Handle {
    return this.add(
      { op: 'changes', from: [table.id] },
      {
        ...table,
        kind: 'stream',
        nullValues: true,
        nullKeys: false,
        rekeyed: table.kind === 'windowed',
        oldValue: 'right',
        versioned: false,
      },
    )
  }

  private consume(id: string): void {
    const at = this.ends.findIndex(end => end.id === id)
    if (at >= 0 && !this.keepsOpen(id)) this.ends.splice(at, 1)
  }

  /** Sources that only feed others need no topic; of the rest, some stay loose ends though they are consumed. */
  private keepsOpen(id: string): boolean {
    const node = this.nodes.find(each => each.id === id)
    const silent = node === undefined || !('from' in node)
    return !silent && this.dice.chance(0.12)
  }
}

const plainFacts = {
  sources: [] as readonly string[],
  repartitions: '',
  rekeyed: false,
  nullValues: false,
  nullKeys: false,
  unordered: false,
  oldValue: 'right',
  versioned: false,
  several: false,
} as const

/** What several inputs yield together. */
export function together(handles: readonly Handle[], kind: Handle['kind']): Facts {
  return {
    kind,
    sources: [...new Set(handles.flatMap(handle => handle.sources))],
    repartitions: [...new Set(handles.map(handle => handle.repartitions).filter(text => text !== ''))].join(' '),
    rekeyed: handles.some(handle => handle.rekeyed),
    nullValues: handles.some(handle => handle.nullValues),
    nullKeys: handles.some(handle => handle.nullKeys),
    unordered: handles.some(handle => handle.unordered),
    oldValue: handles.some(handle => handle.oldValue !== 'right') ? 'spread' : 'right',
    versioned: false,
    several: handles.some(handle => handle.several) || kind === 'windowed' || sharesSource(handles),
  }
}

function sharesSource(handles: readonly Handle[]): boolean {
  const topics = handles.flatMap(handle => handle.sources)
  return new Set(topics).size < topics.length
}

/** Behind a stateful operator: repartitioned if the key was changed, and then by a topic named after the operator. */
export function settled(facts: Facts, id: string): Facts {
  if (!facts.rekeyed) return facts
  return { ...facts, rekeyed: false, repartitions: `${facts.repartitions} ${id}`.trim() }
}
