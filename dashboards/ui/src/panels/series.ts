import type { PanelAnswer } from '../server/types.ts'

/** One line or one set of bars: a value, or nothing, at each time. */
export interface Series {
  readonly name: string
  readonly points: readonly (readonly [timeMs: number, value: number | null])[]
}

/** Rows of time, metric and value as series on one grid of times, filled where the query says so. */
export const seriesOf = ({ columns, rows, from, to, interval_ms, fill }: PanelAnswer): Series[] => {
  const time = columns.findIndex(({ type }) => type === 'time')
  const metric = columns.findIndex(({ type }) => type === 'text')
  const values = columns.flatMap(({ type }, index) => (type === 'number' ? [index] : []))
  if (time < 0) return []
  const byName = new Map<string, Map<number, number>>()
  for (const row of rows) {
    const at = Date.parse(String(row[time]))
    for (const column of values) {
      const name = metric >= 0 ? String(row[metric]) : columns[column]!.name
      const points = byName.get(name) ?? new Map<number, number>()
      points.set(at, Number(row[column]))
      byName.set(name, points)
    }
  }
  const grid: number[] = []
  const first = Math.floor(Date.parse(from) / interval_ms) * interval_ms
  for (let at = first; at <= Date.parse(to); at += interval_ms) grid.push(at)
  return [...byName]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, points]) => ({
      name,
      points:
        fill === null
          ? [...points].sort(([one], [other]) => one - other)
          : grid.map(at => [at, points.get(at) ?? fill] as const),
    }))
}

/** Rows of a name and a value. */
export const sharesOf = ({ columns, rows }: PanelAnswer): { readonly name: string; readonly value: number }[] => {
  const metric = columns.findIndex(({ type }) => type === 'text')
  const value = columns.findIndex(({ type }) => type === 'number')
  if (value < 0) return []
  return rows.map(row => ({ name: metric < 0 ? columns[value]!.name : String(row[metric]), value: Number(row[value]) }))
}

/** The last value that there is. */
export const lastOf = ({ columns, rows }: PanelAnswer): number | null => {
  const value = columns.findIndex(({ type }) => type === 'number')
  const found = rows.findLast(row => row[value] !== null && row[value] !== undefined)
  return found === undefined ? null : Number(found[value])
}
