import type { Range } from './range.ts'

/** A statement with its values beside it: nothing of a request is ever written into the text. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** What a point of a time series is where there are no rows; undefined: there is no point. */
  readonly fill?: number | undefined
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }

/** Finds what Grafana replaces in the SQL of a panel. */
const pattern =
  /\$__(timeFilter|timeGroupAlias|timeGroup|timeFrom|timeTo|unixEpochFilter|interval_ms|interval)\b(?:\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\))?|\$\{(\w+)(?::\w+)?\}|\$([a-z_]\w*)/gi

/** Expands macros and variables as Grafana's PostgreSQL data source does, but for values, which become parameters. */
export const expanded = (
  rawSql: string,
  { from, to, intervalMs }: Range,
  variables: ReadonlyMap<string, readonly string[]>,
): Statement => {
  const parameters: unknown[] = []
  let fill: number | undefined
  const value = (given: unknown, type: string): string => `$${parameters.push(given)}::${type}`
  const time = (given: Date) => value(given.toISOString(), 'timestamptz')
  const epoch = (given: Date) => value(Math.floor(given.getTime() / 1_000), 'bigint')

  const macro = (name: string, given: string): string => {
    const [column = '', width = '$__interval', instead] = argumentsOf(given)
    if (name === 'timeFilter') return `${column} BETWEEN ${time(from)} AND ${time(to)}`
    if (name === 'unixEpochFilter') return `${column} >= ${epoch(from)} AND ${column} <= ${epoch(to)}`
    if (name === 'timeFrom') return time(from)
    if (name === 'timeTo') return time(to)
    if (name === 'interval') return `'${intervalMs / 1_000}s'`
    if (name === 'interval_ms') return String(intervalMs)
    if (instead !== undefined) fill = Number(instead)
    const wide = secondsOf(width, intervalMs)
    const group = `(floor(extract(epoch from ${column}) / ${wide}) * ${wide})::bigint`
    return name === 'timeGroup' ? group : `${group} AS "time"`
  }

  const sql = rawSql.replace(pattern, (found, name?: string, given?: string, braced?: string, plain?: string) => {
    if (name !== undefined) return macro(name, given ?? '')
    const values = variables.get((braced ?? plain)!)
    if (values === undefined) return found
    // An empty choice chooses nothing, and IN () is no SQL.
    return values.length === 0 ? 'NULL' : values.map(one => value(one, 'text')).join(', ')
  })
  return { sql, parameters, fill }
}

/** Commas inside of brackets do not part arguments. */
const argumentsOf = (text: string): string[] => {
  let depth = 0
  const parts = ['']
  for (const letter of text) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0
    if (letter === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += letter
  }
  return parts.map(part => part.trim()).filter(part => part !== '')
}

const secondsOf = (width: string, intervalMs: number): number => {
  const [, count, unit] = /^'?(\d+)([smhdw])'?$/.exec(width) ?? []
  return count === undefined ? intervalMs / 1_000 : Number(count) * seconds[unit!]!
}
