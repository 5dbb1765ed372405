import { messageOf, TopologyError } from '../errors.ts'
import type { Node } from '../graph/graph.ts'
import type { Context, Item, Opened, OperatorOf, Step, View } from '../operators/operator.ts'
import type { Part, PartNode } from '../plan/plan.ts'

const nothing: Step = () => {}

/** Every operator of a part at work, by node. Consumers are opened before what feeds them, so that steps call each other directly. */
export const wire = (part: Part, contextOf: (node: Node, ports: Ports, view: (input: number) => View) => Context) => {
  const opened = new Map<string, Opened>()
  for (const partNode of [...part.nodes].reverse()) {
    const { node, role } = partNode
    const ports = new Ports(part, partNode, opened)
    if (role === 'reader') {
      opened.set(reading(node.id), { steps: [ports.of('out')] })
      continue
    }
    const context = contextOf(node, ports, input => lateView(opened, node, input))
    const made = (node.open as OperatorOf['open'])(context)
    const full: Opened = typeof made === 'function' ? { steps: [made] } : made
    opened.set(node.id, { ...full, steps: full.steps.map(step => located(step, node.id)) })
  }
  return opened
}

/** How the reading side of an exchange is named beside its writing side. */
export const reading = (node: string): string => `${node} (read)`

/** A table may be opened after the join that looks into it, so the look is taken when it is needed. */
const lateView = (opened: ReadonlyMap<string, Opened>, node: Node, input: number): View => {
  const from = node.inputs[input]!.from
  const behind = (): View => {
    const view = opened.get(from)?.view
    if (view === undefined) throw new TopologyError('BROKEN', node.id, `${from} is not a table`)
    return view
  }
  return { get: key => behind().get(key), asOf: (key, timestamp) => behind().asOf!(key, timestamp) }
}

/** An error leaves a step with the name of its operator on it. */
export const located =
  <Arguments extends readonly unknown[]>(step: (...given: Arguments) => void, node: string) =>
  (...given: Arguments): void => {
    try {
      step(...given)
    } catch (error) {
      throw error instanceof TopologyError ? error : new TopologyError('STEP_FAILED', node, messageOf(error), error)
    }
  }

/** The outputs of one node, each as one step. */
export class Ports {
  readonly #consumers = new Map<string, Step[]>()

  constructor(part: Part, { node, role }: PartNode, opened: ReadonlyMap<string, Opened>) {
    if (role === 'writer') return
    for (const other of part.nodes) {
      if (other.role === 'reader') continue
      other.node.inputs.forEach((edge, input) => {
        if (edge.from !== node.id) return
        const steps = this.#consumers.get(edge.port) ?? []
        // Looked up when called the first time: in a graph without cycles the consumer has been opened by then.
        steps.push(opened.get(other.node.id)!.steps[input]!)
        this.#consumers.set(edge.port, steps)
      })
    }
  }

  has(port: string): boolean {
    return this.#consumers.has(port)
  }

  of(port: string): Step {
    const steps = this.#consumers.get(port) ?? []
    if (steps.length === 0) return nothing
    if (steps.length === 1) return steps[0]!
    return (item: Item) => {
      for (const step of steps) step(item)
    }
  }
}
