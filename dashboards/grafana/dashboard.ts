import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { dataSource } from './panels.ts'

type AnyPanel = Parameters<DashboardBuilder['withPanel']>[0]

export interface Declared {
  readonly uid: string
  readonly title: string
  readonly says: string
  /** Columns of `tickets` by which the whole dashboard can be narrowed. */
  readonly variables: readonly string[]
  readonly panels: readonly AnyPanel[]
}

/** Nothing chosen means: all that there are. */
const variable = (column: string): QueryVariableBuilder =>
  new QueryVariableBuilder(column)
    .label(column[0]!.toUpperCase() + column.slice(1))
    .datasource({ ...dataSource })
    .query(`SELECT DISTINCT ${column} FROM tickets WHERE ${column} IS NOT NULL ORDER BY 1`)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)

/** A dashboard as Grafana imports it and as our own page draws it. */
export const dashboard = ({ uid, title, says, variables, panels }: Declared): Dashboard => {
  const made = new DashboardBuilder(title)
    .uid(uid)
    .description(says)
    .tags(['franz'])
    .editable()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-24h', to: 'now' })
    .timezone('browser')
    .refresh('10s')
    .withVariable(
      new DatasourceVariableBuilder('datasource').label('Data source').type('grafana-postgresql-datasource'),
    )
  for (const column of variables) made.withVariable(variable(column))
  panels.forEach((panel, index) => {
    made.withPanel({ build: () => ({ ...withoutFooter(panel.build()), id: index + 1 }) })
  })
  return withoutIntervals(made.build())
}

/** The builder gives tables a footer that is not shown, which Grafana has moved elsewhere since. */
const withoutFooter = (panel: ReturnType<AnyPanel['build']>) => {
  const { footer, ...options } = (panel.options ?? {}) as { footer?: unknown }
  return { ...panel, options }
}

/** The builder gives every variable the settings of one of intervals, which Grafana's own schema does not know in another. */
const withoutIntervals = (board: Dashboard): Dashboard => {
  const { templating } = board
  const list = templating?.list?.map(({ auto, auto_min, auto_count, ...rest }) => rest)
  return { ...board, templating: { ...templating, ...(list && { list: list as VariableModel[] }) } }
}
