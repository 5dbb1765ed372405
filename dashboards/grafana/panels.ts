import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart'
import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common'
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as Gauge } from '@grafana/grafana-foundation-sdk/gauge'
import {
  PanelBuilder as PieChart,
  PieChartLegendOptionsBuilder,
  PieChartType,
} from '@grafana/grafana-foundation-sdk/piechart'
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'

// The kinds of panels that the desk's dashboards are made of, each with one query on PostgreSQL.

/** Grafana asks which data source is meant; the dashboards' first variable says it. */
export const dataSource = { type: 'grafana-postgresql-datasource', uid: '$datasource' } as const

/** Where a panel stands: a dashboard is 24 units wide. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export interface Shown {
  readonly title: string
  readonly says?: string
  readonly sql: string
  readonly at: Place
}

/** Values that have one colour wherever they are shown. */
const colours: Readonly<Record<string, string>> = {
  CRITICAL: '#B3261E',
  HIGH: '#E5484D',
  MEDIUM: '#F5A524',
  LOW: '#30A46C',
  NULL: '#8B93A1',
  Discord: '#5B6CF0',
  Email: '#12A594',
  API: '#E08A1E',
  Demo: '#8B93A1',
  BUG: '#E5484D',
  FEATURE_REQUEST: '#3E7BFA',
  unlabelled: '#8B93A1',
  'dead-lettered': '#E5484D',
  created: '#3E7BFA',
  labelled: '#8E5BE8',
  exported: '#30A46C',
}

/** A query as the PostgreSQL data source takes it. */
const query = (sql: string, format: 'table' | 'time_series'): { build: () => Dataquery } => {
  const lines = sql.split('\n').map(line => line.trim())
  const target = {
    refId: 'A',
    datasource: { ...dataSource },
    editorMode: 'code',
    rawQuery: true,
    format,
    rawSql: lines.filter(line => line !== '').join('\n'),
  }
  return { build: () => target as unknown as Dataquery }
}

type AnyPanel = Stat | Gauge | TimeSeries | BarChart | PieChart | Table

const placed = <P extends AnyPanel>(panel: P, { title, says, sql, at }: Shown, format: 'table' | 'time_series'): P => {
  panel
    .title(title)
    .gridPos({ ...at })
    .datasource({ ...dataSource })
    .withTarget(query(sql, format))
  if (says !== undefined) panel.description(says)
  return panel
}

const coloured = <P extends AnyPanel>(panel: P): P => {
  for (const [name, fixedColor] of Object.entries(colours))
    if (!(panel instanceof Table))
      panel.overrideByName(name, [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor } }])
  return panel
}

const oneColour = (colour: string) => new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colour)
const palette = () => new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic)
const last = () => new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false)
const everyRow = () => new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(true)

const below = () =>
  new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .calcs([])

/** One number; with a time series behind it, a line under the number. */
export const stat = (shown: Shown, colour: string, unit = 'short'): Stat =>
  placed(new Stat(), shown, 'table')
    .reduceOptions(last())
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .colorScheme(oneColour(colour))
    .unit(unit)
    .noValue('0')

/** A share from 0 to 100, red below the first step and green above the second. */
export const gauge = (shown: Shown, steps: readonly [low: number, good: number]): Gauge =>
  placed(new Gauge(), shown, 'table')
    .reduceOptions(last())
    .min(0)
    .max(100)
    .unit('percent')
    .decimals(0)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { value: null, color: '#E5484D' },
        { value: steps[0], color: '#F5A524' },
        { value: steps[1], color: '#30A46C' },
      ]),
    )

/** Counts over time, one upon the other. */
export const bars = (shown: Shown): TimeSeries =>
  coloured(
    placed(new TimeSeries(), shown, 'time_series')
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(80)
      .lineWidth(0)
      .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
      .colorScheme(palette())
      .legend(below())
      .unit('short')
      .min(0),
  )

/** Values over time. */
export const lines = (shown: Shown, unit = 'short'): TimeSeries =>
  coloured(
    placed(new TimeSeries(), shown, 'time_series')
      .drawStyle(GraphDrawStyle.Line)
      .fillOpacity(10)
      .lineWidth(2)
      .showPoints(VisibilityMode.Auto)
      .colorScheme(palette())
      .legend(below())
      .unit(unit)
      .min(0),
  )

/** Shares of a whole. */
export const donut = (shown: Shown): PieChart =>
  coloured(
    placed(new PieChart(), shown, 'table')
      .pieType(PieChartType.Donut)
      .reduceOptions(everyRow())
      .colorScheme(palette())
      .legend(
        new PieChartLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Right)
          .calcs([]),
      ),
  )

/** Counts by name. */
export const ranking = (shown: Shown): BarChart =>
  coloured(
    placed(new BarChart(), shown, 'table')
      .orientation(VizOrientation.Horizontal)
      .fillOpacity(80)
      .lineWidth(0)
      .barRadius(0.15)
      .colorScheme(oneColour('#3E7BFA'))
      .legend(below().showLegend(false))
      .min(0),
  )

export const table = (shown: Shown): Table => placed(new Table(), shown, 'table').showHeader(true)
