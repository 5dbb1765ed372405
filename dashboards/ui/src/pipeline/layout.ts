// Places a directed graph in layers: each node below all that lead to it, edges over several layers by way-points, and
// the order within a layer so that few edges cross.

export interface Edge {
  readonly from: string
  readonly to: string
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Layout {
  readonly at: ReadonlyMap<string, Point>
  /** For each edge, in the order given, the points it passes. */
  readonly routes: readonly (readonly Point[])[]
  readonly width: number
  readonly height: number
}

export interface Sizes {
  /** From one layer to the next. */
  readonly down: number
  /** From one node to the next within a layer. */
  readonly across: number
}

const passes = 8

/** The layer of each node: one more than the greatest before it. Edges that lead back do not count. */
const layersOf = (ids: readonly string[], edges: readonly Edge[]): Map<string, number> => {
  const before = new Map(ids.map(id => [id, edges.filter(({ to }) => to === id).map(({ from }) => from)]))
  const layers = new Map<string, number>()
  const visit = (id: string, path: ReadonlySet<string>): number => {
    const known = layers.get(id)
    if (known !== undefined) return known
    const inside = new Set([...path, id])
    const layer =
      Math.max(
        -1,
        ...before
          .get(id)!
          .filter(from => !inside.has(from))
          .map(from => visit(from, inside)),
      ) + 1
    layers.set(id, layer)
    return layer
  }
  for (const id of ids) visit(id, new Set())
  // What nothing leads to stands right above what it leads to.
  for (const id of ids) {
    const after = edges.filter(({ from }) => from === id).map(({ to }) => layers.get(to)!)
    if (before.get(id)!.length === 0 && after.length > 0) layers.set(id, Math.max(0, Math.min(...after) - 1))
  }
  return layers
}

interface Chain {
  readonly nodes: readonly string[]
}

/** Way-points in the layers that an edge only passes. */
const chainsOf = (edges: readonly Edge[], layers: Map<string, number>): Chain[] =>
  edges.map(({ from, to }, edge) => {
    const [first, last] = [layers.get(from)!, layers.get(to)!]
    const between = Array.from({ length: Math.max(0, last - first - 1) }, (_, step) => {
      const id = `way ${edge} ${step}`
      layers.set(id, first + step + 1)
      return id
    })
    return { nodes: [from, ...between, to] }
  })

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Moves each node to the middle of its neighbours, downwards and upwards, several times. */
const ordered = (layers: ReadonlyMap<string, number>, chains: readonly Chain[]): string[][] => {
  const rows: string[][] = []
  for (const [id, layer] of layers) {
    rows[layer] ??= []
    rows[layer].push(id)
  }
  const links = chains.flatMap(({ nodes }) => nodes.slice(1).map((to, at) => [nodes[at]!, to] as const))
  const before = grouped(links, 1)
  const after = grouped(links, 0)
  const place = new Map<string, number>()
  const remember = () => {
    for (const row of rows) for (const [at, id] of (row ?? []).entries()) place.set(id, at - row.length / 2)
  }
  remember()
  for (let pass = 0; pass < passes; pass++) {
    const neighbours = pass % 2 === 0 ? before : after
    for (const row of pass % 2 === 0 ? rows : [...rows].reverse()) {
      const wanted = new Map(
        row.map(id => {
          const around = neighbours.get(id)?.map(other => place.get(other)!) ?? []
          return [id, around.length === 0 ? place.get(id)! : mean(around)]
        }),
      )
      row.sort((one, other) => wanted.get(one)! - wanted.get(other)!)
      for (const [at, id] of row.entries()) place.set(id, at - row.length / 2)
    }
    remember()
  }
  return rows
}

const grouped = (links: readonly (readonly [string, string])[], by: 0 | 1): Map<string, string[]> => {
  const made = new Map<string, string[]>()
  for (const link of links) made.set(link[by], [...(made.get(link[by]) ?? []), link[1 - by]!])
  return made
}

export const layout = (ids: readonly string[], edges: readonly Edge[], { down, across }: Sizes): Layout => {
  const layers = layersOf(ids, edges)
  const chains = chainsOf(edges, layers)
  const rows = ordered(layers, chains)
  const widest = Math.max(1, ...rows.map(row => row?.length ?? 0))
  const at = new Map<string, Point>()
  for (const [layer, row] of rows.entries())
    for (const [place, id] of (row ?? []).entries())
      at.set(id, { x: ((widest - row.length) / 2 + place) * across, y: layer * down })
  return {
    at,
    routes: chains.map(({ nodes }) => nodes.map(id => at.get(id)!)),
    width: widest * across,
    height: rows.length * down,
  }
}
