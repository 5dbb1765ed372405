import type { Rows } from '../ports.ts'

export type ColumnType = 'number' | 'time' | 'boolean' | 'text'

/** What a panel draws: columns with their types, and rows. */
export interface PanelAnswer {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[]
  readonly rows: readonly (readonly (string | number | boolean | null)[])[]
  /** There were more rows than a panel may have. */
  readonly cut: boolean
  /** The time that it is about, and how wide a point of a time series is. */
  readonly from: string
  readonly to: string
  readonly interval_ms: number
  /** What a time series has where there are no rows; null: nothing. */
  readonly fill: number | null
}

type Table = Pick<PanelAnswer, 'columns' | 'rows' | 'cut'>

/** PostgreSQL's own numbers of types. */
const numbers = new Set([20, 21, 23, 26, 700, 701, 1700])
const times = new Set([1082, 1114, 1184])

const typeOf = (dataTypeID: number): ColumnType =>
  numbers.has(dataTypeID) ? 'number' : times.has(dataTypeID) ? 'time' : dataTypeID === 16 ? 'boolean' : 'text'

export const answerOf = ({ fields, rows }: Rows, rowsMax: number): Table => {
  const columns = fields.map(({ name, dataTypeID }) => ({
    name,
    type: name === 'time' ? ('time' as const) : typeOf(dataTypeID),
  }))
  return {
    columns,
    rows: rows.slice(0, rowsMax).map(row => columns.map(({ name, type }) => shown(row[name], type))),
    cut: rows.length > rowsMax,
  }
}

const shown = (value: unknown, type: ColumnType): string | number | boolean | null => {
  if (value === null || value === undefined) return null
  if (type === 'number') return Number(value)
  if (type === 'boolean') return value === true
  if (type === 'text') return typeof value === 'object' ? JSON.stringify(value) : String(value)
  // Grafana's time groups are seconds since 1970; a column of a table is a time itself.
  const time =
    value instanceof Date
      ? value
      : new Date(typeof value === 'string' && /\D/.test(value) ? value : Number(value) * 1_000)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}
