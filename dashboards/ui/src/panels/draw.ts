import type { PanelJson } from '../server/types.ts'
import type { Words } from '../text/index.ts'
import type { Ink, Options } from './chart.tsx'
import { colourOf } from './colours.ts'
import { shown } from './format.ts'
import type { Series } from './series.ts'

const font = '"Inter Variable", system-ui, sans-serif'

const tooltip = ({ card, text, line }: Ink) => ({
  // Drawn on the canvas: names in it are data, and are never read as HTML.
  renderMode: 'richText' as const,
  backgroundColor: card,
  borderColor: line,
  borderWidth: 1,
  padding: [8, 10],
  textStyle: { color: text, fontSize: 12, fontFamily: font },
  confine: true,
})

const axis = ({ faint, line }: Ink) => ({
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { color: faint, fontSize: 11, fontFamily: font, hideOverlap: true },
  splitLine: { lineStyle: { color: line, width: 1 } },
})

interface Custom {
  readonly drawStyle?: string
  readonly fillOpacity?: number
  readonly lineWidth?: number
  readonly stacking?: { readonly mode?: string }
}

/** Values over time, as lines or as bars. */
export const overTime = (panel: PanelJson, series: readonly Series[], words: Words, ink: Ink): Options => {
  const field = panel.fieldConfig?.defaults ?? {}
  const { drawStyle = 'line', fillOpacity = 0, lineWidth = 1, stacking }: Custom = field.custom ?? {}
  const isStacked = stacking?.mode === 'normal'
  const isBars = drawStyle === 'bars'
  return {
    animation: false,
    grid: { left: 4, right: 12, top: 12, bottom: 2, containLabel: true },
    tooltip: {
      ...tooltip(ink),
      trigger: 'axis',
      axisPointer: { type: isBars ? 'shadow' : 'line', lineStyle: { color: ink.line }, shadowStyle: { opacity: 0.08 } },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? shown(value, field, words) : '–'),
    },
    xAxis: { type: 'time', ...axis(ink), splitLine: { show: false } },
    yAxis: {
      type: 'value',
      ...axis(ink),
      ...(field.min !== undefined && field.min !== null && { min: field.min }),
      minInterval: field.unit === 'short' ? 1 : 0,
      axisLabel: { ...axis(ink).axisLabel, formatter: (value: number) => shown(value, field, words) },
    },
    series: series.map(({ name, points }, place) => ({
      // By its id a series is changed where it is; without one it would be made anew.
      id: name,
      name: words.name(name),
      type: isBars ? ('bar' as const) : ('line' as const),
      ...(isStacked && { stack: 'all' }),
      data: points.map(([at, value]) => [at, value]),
      color: colourOf(panel, name, place),
      barMaxWidth: 26,
      barCategoryGap: '18%',
      showSymbol: points.length < 3,
      symbolSize: 5,
      smooth: 0.15,
      lineStyle: { width: lineWidth },
      ...(!isBars && fillOpacity > 0 && { areaStyle: { opacity: fillOpacity / 100 } }),
    })) as NonNullable<Options['series']>,
  }
}

type Shares = readonly { readonly name: string; readonly value: number }[]

/** Shares of a whole; its sum stands in the middle. */
export const donut = (panel: PanelJson, shares: Shares, { name, count, ...words }: Words, ink: Ink): Options => ({
  animation: false,
  tooltip: {
    ...tooltip(ink),
    trigger: 'item',
    valueFormatter: (value: unknown) => shown(Number(value), {}, { name, count, ...words }),
  },
  series: [
    {
      id: 'shares',
      type: 'pie',
      radius: ['62%', '92%'],
      padAngle: 1.5,
      itemStyle: { borderRadius: 4 },
      label: { show: false },
      emphasis: { scale: false },
      data: shares.map((share, place) => ({
        name: name(share.name),
        value: share.value,
        itemStyle: { color: colourOf(panel, share.name, place) },
      })),
    },
  ],
})

/** Counts by name, the greatest on top. */
export const ranking = (panel: PanelJson, shares: Shares, words: Words, ink: Ink): Options => {
  const upwards = [...shares].reverse()
  const colour = (name: string) => colourOf(panel, name, 0)
  return {
    animation: false,
    grid: { left: 4, right: 44, top: 4, bottom: 2, containLabel: true },
    tooltip: { ...tooltip(ink), trigger: 'item', valueFormatter: (value: unknown) => shown(Number(value), {}, words) },
    xAxis: {
      type: 'value',
      ...axis(ink),
      min: 0,
      max: 'dataMax',
      minInterval: 1,
      splitNumber: 3,
      axisLabel: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'category',
      data: upwards.map(({ name }) => words.name(name)),
      ...axis(ink),
      axisLabel: { color: ink.text, fontSize: 12, fontFamily: font, width: 110, overflow: 'truncate' },
      splitLine: { show: false },
    },
    series: [
      {
        id: 'shares',
        type: 'bar',
        barMaxWidth: 20,
        itemStyle: { borderRadius: 4 },
        showBackground: true,
        backgroundStyle: { color: ink.line, opacity: 0.45, borderRadius: 4 },
        label: {
          show: true,
          position: 'right',
          color: ink.faint,
          fontSize: 11,
          fontFamily: font,
          formatter: ({ value }: { value?: unknown }) => words.count(Number(value)),
        },
        data: upwards.map(({ name, value }) => ({ value, itemStyle: { color: colour(name) } })),
      },
    ],
  }
}
