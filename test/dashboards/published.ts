import type * as barchart from '@grafana/schema/dist/esm/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen'
import type * as gauge from '@grafana/schema/dist/esm/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen'
import type * as piechart from '@grafana/schema/dist/esm/raw/composable/piechart/panelcfg/x/PieChartPanelCfg_types.gen'
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen'
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen'
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen'
import type * as dashboard from '@grafana/schema/dist/esm/raw/dashboard/x/Dashboard_types.gen'

// What Grafana publishes of its dashboards, under one name: a test makes a JSON Schema of it.

/** A dashboard, and what each kind of panel that we use may say beside it: Grafana knows a default for each. */
export interface Published {
  readonly dashboard: dashboard.Dashboard
  readonly options: {
    readonly barchart: Partial<barchart.Options>
    readonly gauge: Partial<gauge.Options>
    readonly piechart: Partial<piechart.Options>
    readonly stat: Partial<stat.Options>
    readonly table: Partial<table.Options>
    readonly timeseries: Partial<timeseries.Options>
  }
  readonly custom: {
    readonly barchart: Partial<barchart.FieldConfig>
    readonly piechart: Partial<piechart.FieldConfig>
    readonly table: Partial<table.FieldConfig>
    readonly timeseries: Partial<timeseries.FieldConfig>
  }
}
