import { BarChart, LineChart, PieChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useStore } from '../server/store.ts'
import { theme } from '../shell/theme.ts'
import { drawSoon } from './draw-soon.ts'

echarts.use([BarChart, LineChart, PieChart, GridComponent, TooltipComponent, CanvasRenderer])

export type Options = Parameters<echarts.ECharts['setOption']>[0]

/** The colours of the page, as a drawing needs them. */
export interface Ink {
  readonly text: string
  readonly faint: string
  readonly line: string
  readonly card: string
}

const inkNow = (): Ink => {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(name).trim()
  return { text: of('--ink'), faint: of('--ink-faint'), line: of('--line'), card: of('--card') }
}

interface Drawn {
  readonly options: (ink: Ink) => Options
  /** What it shows, in words, for whoever does not see it. */
  readonly says: string
  readonly onChoose?: ((name: string) => void) | undefined
}

/** A drawing that follows its data, the size of its place and the colours of the page. */
export const Chart = ({ options, says, onChoose }: Drawn) => {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<echarts.ECharts | undefined>(undefined)
  const choose = useRef(onChoose)
  choose.current = onChoose
  const colours = useStore(theme)

  useEffect(() => {
    const made = echarts.init(place.current!, undefined, { renderer: 'canvas' })
    made.on('click', ({ name, seriesName, seriesType }) =>
      choose.current?.(seriesType === 'pie' || !seriesName?.startsWith('by ') ? name : name),
    )
    chart.current = made
    const watcher = new ResizeObserver(() => made.resize())
    watcher.observe(place.current!)
    return () => {
      watcher.disconnect()
      made.dispose()
      chart.current = undefined
    }
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours are another drawing
  useEffect(
    () => drawSoon(() => chart.current?.setOption(options(inkNow()), { replaceMerge: ['series'] })),
    [options, colours],
  )

  return <div className="drawing" ref={place} role="img" aria-label={says} />
}

export default Chart
