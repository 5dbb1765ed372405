import { type CSSProperties, lazy, Suspense, useMemo, useState } from 'react'
import type { PanelAnswer, PanelJson } from '../server/types.ts'
import { untilLoaded } from '../server/until-loaded.ts'
import { useAnswer } from '../server/use-answer.ts'
import { Icon } from '../shell/icon.tsx'
import { States } from '../shell/states.tsx'
import { useWords, type Words } from '../text/index.ts'
import type { Ink, Options } from './chart.tsx'
import { colourOf, stepColour } from './colours.ts'
import { DataTable } from './data-table.tsx'
import { donut, overTime, ranking } from './draw.ts'
import { shown } from './format.ts'
import { Gauge } from './gauge.tsx'
import { lastOf, seriesOf, sharesOf } from './series.ts'

const Chart = lazy(() => untilLoaded(() => import('./chart.tsx')))

const charts = ['timeseries', 'piechart', 'barchart']

export interface PanelPlace {
  readonly panel: PanelJson
  /** Where its answer is read. */
  readonly path: string
  /** A name in it was chosen. */
  readonly onChoose?: ((panel: PanelJson, name: string) => void) | undefined
}

/** One panel of a dashboard, as its JSON says. */
export const Panel = ({ panel, path, onChoose }: PanelPlace) => {
  const words = useWords()
  const [asTable, setAsTable] = useState(false)
  const answer = useAnswer<PanelAnswer>(path)
  const { x = 0, y = 0, w = 12, h = 8 } = panel.gridPos ?? {}
  const isChart = charts.includes(panel.type)
  const title = words.name(panel.title ?? '')
  const id = `panel-${panel.id}`
  return (
    <section
      className={`card panel ${panel.type}`}
      aria-labelledby={id}
      style={{ '--x': x + 1, '--y': y + 1, '--w': w, '--h': h } as CSSProperties}
    >
      <header>
        <h2 id={id} title={panel.description}>
          {title}
        </h2>
        {isChart && (
          <button
            type="button"
            className="quiet"
            aria-pressed={asTable}
            aria-label={`${title}: ${words.t(asTable ? 'asChart' : 'asTable')}`}
            title={words.t(asTable ? 'asChart' : 'asTable')}
            onClick={() => setAsTable(!asTable)}
          >
            <Icon name={asTable ? 'chart' : 'table'} />
          </button>
        )}
      </header>
      <div className="inside">
        <States answer={answer} isEmpty={({ rows }) => rows.length === 0}>
          {data =>
            asTable || panel.type === 'table' ? (
              <DataTable data={data} label={title} />
            ) : (
              <Drawing panel={panel} data={data} words={words} onChoose={onChoose} />
            )
          }
        </States>
      </div>
    </section>
  )
}

interface Drawn {
  readonly panel: PanelJson
  readonly data: PanelAnswer
  readonly words: Words
  readonly onChoose: PanelPlace['onChoose']
}

const Drawing = ({ panel, data, words, onChoose }: Drawn) => {
  const field = panel.fieldConfig?.defaults ?? {}
  if (panel.type === 'stat' || panel.type === 'gauge') {
    const value = lastOf(data)
    if (panel.type === 'gauge') return <Gauge panel={panel} value={value} words={words} />
    const text = value === null ? (field.noValue ?? '–') : shown(value, field, words)
    return (
      <p className="figure" style={{ color: stepColour(panel, value ?? 0) }}>
        {text}
      </p>
    )
  }
  if (charts.includes(panel.type)) return <ChartOf panel={panel} data={data} words={words} onChoose={onChoose} />
  return <DataTable data={data} label={panel.title ?? ''} />
}

const ChartOf = ({ panel, data, words, onChoose }: Drawn) => {
  const title = words.name(panel.title ?? '')
  const drawn = useMemo(() => drawingOf(panel, data, words), [panel, data, words])
  return (
    <div className={`with-legend ${panel.type}`}>
      <Suspense fallback={<div className="drawing" />}>
        <Chart
          options={drawn.options}
          says={`${title}. ${drawn.says}`}
          onChoose={name => {
            const found = drawn.names.find(one => words.name(one) === name)
            if (found !== undefined) onChoose?.(panel, found)
          }}
        />
      </Suspense>
      {drawn.legend.length > 0 && (
        <ul className="legend">
          {drawn.legend.map(({ name, colour, value }) => (
            <li key={name}>
              <span className="swatch" style={{ background: colour }} />
              <span>{words.name(name)}</span>
              {value !== undefined && <b>{value}</b>}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

interface Drawing {
  readonly options: (ink: Ink) => Options
  readonly says: string
  readonly names: readonly string[]
  readonly legend: readonly { readonly name: string; readonly colour: string; readonly value?: string }[]
}

const drawingOf = (panel: PanelJson, data: PanelAnswer, words: Words): Drawing => {
  if (panel.type === 'timeseries') {
    const series = seriesOf(data)
    const names = series.map(({ name }) => name)
    return {
      options: ink => overTime(panel, series, words, ink),
      says: names.map(name => words.name(name)).join(', '),
      names,
      legend: names.map((name, place) => ({ name, colour: colourOf(panel, name, place) })),
    }
  }
  const shares = sharesOf(data)
  const whole = shares.reduce((sum, { value }) => sum + value, 0)
  const isDonut = panel.type === 'piechart'
  return {
    options: ink => (isDonut ? donut(panel, shares, words, ink) : ranking(panel, shares, words, ink)),
    says: shares.map(({ name, value }) => `${words.name(name)}: ${words.count(value)}`).join(', '),
    names: shares.map(({ name }) => name),
    legend: isDonut
      ? shares.map(({ name, value }, place) => ({
          name,
          colour: colourOf(panel, name, place),
          value: `${Math.round((value / whole) * 100)} %`,
        }))
      : [],
  }
}
