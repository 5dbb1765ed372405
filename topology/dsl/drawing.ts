import { TopologyError } from '../errors.ts'
import type { Edge, Node } from '../graph/graph.ts'
import type { OperatorOf } from '../operators/operator.ts'

/** The graph while it is drawn: the one thing here that changes, and only until its topology is complete. */
export class Drawing {
  readonly name: string
  readonly nodes: Node[] = []
  readonly #counts = new Map<string, number>()
  #complete = false

  constructor(name: string) {
    this.name = name
  }

  /** Adds a node; `name` is the human's where the node has one, else its kind and a number tell it apart. */
  add(operator: OperatorOf, inputs: readonly Edge[], name?: string): string {
    if (this.#complete) {
      throw new TopologyError('NOT_DRAWN_HERE', this.name, `${operator.kind} was added after the drawing was complete`)
    }
    const id = this.#idOf(name === undefined ? operator.kind : `${operator.kind} ${name}`, name !== undefined)
    this.nodes.push(Object.freeze({ id, ...operator, inputs }))
    return id
  }

  #idOf(stem: string, isName: boolean): string {
    const count = (this.#counts.get(stem) ?? 0) + 1
    this.#counts.set(stem, count)
    return isName && count === 1 ? stem : `${stem} ${count}`
  }

  complete(): readonly Node[] {
    this.#complete = true
    return Object.freeze(this.nodes)
  }
}

/** A point in the drawing: where the next operator is attached. */
export interface Place {
  readonly drawing: Drawing
  readonly edge: Edge
}

/** Attaches an operator behind one or several places of one drawing. */
export const attach = (operator: OperatorOf, inputs: readonly Place[], name?: string): Place => {
  const { drawing } = inputs[0]!
  for (const input of inputs) {
    if (input.drawing !== drawing) {
      const names = `${drawing.name}" and "${input.drawing.name}`
      throw new TopologyError(
        'NOT_DRAWN_HERE',
        drawing.name,
        `${operator.kind} takes handles of two topologies, "${names}"`,
      )
    }
  }
  const id = drawing.add(
    operator,
    inputs.map(input => input.edge),
    name,
  )
  return { drawing, edge: { from: id, port: 'out' } }
}

export const portOf = ({ drawing, edge }: Place, port: string): Place => ({ drawing, edge: { from: edge.from, port } })
