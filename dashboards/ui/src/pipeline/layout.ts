// Places a directed graph in columns: each node right of all that lead to it, edges over several columns by way-points,
// and the order within a column so that few edges cross.

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
  readonly columnWidth: number
  readonly rowHeight: number
}

const passes = 8

/** The column of each node: one more than the greatest before it. Edges that lead back do not count. */
const columnsOf = (ids: readonly string[], edges: readonly Edge[]): Map<string, number> => {
  const before = new Map(ids.map(id => [id, edges.filter(({ to }) => to === id).map(({ from }) => from)]))
  const columns = new Map<string, number>()
  const visit = (id: string, path: ReadonlySet<string>): number => {
    const known = columns.get(id)
    if (known !== undefined) return known
    const inside = new Set([...path, id])
    const column =
      Math.max(
        -1,
        ...before
          .get(id)!
          .filter(from => !inside.has(from))
          .map(from => visit(from, inside)),
      ) + 1
    columns.set(id, column)
    return column
  }
  for (const id of ids) visit(id, new Set())
  // What nothing leads to stands right before what it leads to.
  for (const id of ids) {
    const after = edges.filter(({ from }) => from === id).map(({ to }) => columns.get(to)!)
    if (before.get(id)!.length === 0 && after.length > 0) columns.set(id, Math.max(0, Math.min(...after) - 1))
  }
  return columns
}

interface Chain {
  readonly nodes: readonly string[]
}

/** Way-points in the columns that an edge only passes. */
const chainsOf = (edges: readonly Edge[], columns: Map<string, number>): Chain[] =>
  edges.map(({ from, to }, edge) => {
    const [first, last] = [columns.get(from)!, columns.get(to)!]
    const between = Array.from({ length: Math.max(0, last - first - 1) }, (_, step) => {
      const id = `way ${edge} ${step}`
      columns.set(id, first + step + 1)
      return id
    })
    return { nodes: [from, ...between, to] }
  })

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Moves each node to the middle of its neighbours, from left to right and back, several times. */
const ordered = (columns: ReadonlyMap<string, number>, chains: readonly Chain[]): string[][] => {
  const rows: string[][] = []
  for (const [id, column] of columns) {
    rows[column] ??= []
    rows[column].push(id)
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

export const layout = (ids: readonly string[], edges: readonly Edge[], { columnWidth, rowHeight }: Sizes): Layout => {
  const columns = columnsOf(ids, edges)
  const chains = chainsOf(edges, columns)
  const rows = ordered(columns, chains)
  const tallest = Math.max(1, ...rows.map(row => row?.length ?? 0))
  const at = new Map<string, Point>()
  for (const [column, row] of rows.entries())
    for (const [place, id] of (row ?? []).entries())
      at.set(id, { x: column * columnWidth, y: ((tallest - row.length) / 2 + place) * rowHeight })
  return {
    at,
    routes: chains.map(({ nodes }) => nodes.map(id => at.get(id)!)),
    width: rows.length * columnWidth,
    height: tallest * rowHeight,
  }
}
