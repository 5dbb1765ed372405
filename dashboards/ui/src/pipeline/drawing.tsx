import { useMemo } from 'react'
import { useWords } from '../text/index.ts'
import type { Flow, FlowEdge, FlowNode } from './flow.ts'
import { layout, type Point } from './layout.ts'

const box = { width: 168, height: 50 } as const
const sizes = { columnWidth: 262, rowHeight: 78 } as const
const margin = 20
const nameMax = 22

interface Drawn {
  readonly flow: Flow
  readonly chosen: string | undefined
  readonly onChoose: (service: string) => void
}

/** Topics and services from left to right, with what runs on each way between them. */
export const Drawing = ({ flow, chosen, onChoose }: Drawn) => {
  const { t } = useWords()
  // The figures change each second, the shape seldom: it is placed anew only when it is another one.
  const shape = JSON.stringify([flow.nodes.map(({ id }) => id), flow.edges.map(({ from, to }) => [from, to])])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for both
  const placed = useMemo(
    () =>
      layout(
        flow.nodes.map(({ id }) => id),
        flow.edges,
        sizes,
      ),
    [shape],
  )
  const width = placed.width - (sizes.columnWidth - box.width) + 2 * margin
  const height = placed.height + 2 * margin
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="flow" tabIndex={0} aria-label={t('pipeline')}>
      <svg width={width} height={height} viewBox={`${-margin} ${-margin} ${width} ${height}`}>
        <title>{t('pipelineSays')}</title>
        {flow.edges.map((edge, at) => (
          <Way key={`${edge.from} ${edge.to}`} edge={edge} route={placed.routes[at]!} />
        ))}
        {flow.nodes.map(node => (
          <Box
            key={node.id}
            node={node}
            at={placed.at.get(node.id)!}
            isChosen={node.kind === 'service' && node.name === chosen}
            onChoose={onChoose}
          />
        ))}
      </svg>
    </section>
  )
}

const middle = (point: Point): number => point.y + box.height / 2

const Way = ({ edge, route }: { edge: FlowEdge; route: readonly Point[] }) => {
  const { short, t } = useWords()
  const [first, ...others] = route
  let path = `M ${first!.x + box.width} ${middle(first!)}`
  let x = first!.x + box.width
  let y = middle(first!)
  for (const [at, point] of others.entries()) {
    const isLast = at === others.length - 1
    const bend = (point.x - x) / 2
    path += ` C ${x + bend} ${y}, ${point.x - bend} ${middle(point)}, ${point.x} ${middle(point)}`
    if (!isLast) path += ` L ${point.x + box.width} ${middle(point)}`
    x = isLast ? point.x : point.x + box.width
    y = middle(point)
  }
  const last = others.at(-1) ?? first!
  const isFlowing = edge.perSecond > 0.05
  const label = edge.lag === undefined ? '' : `${short(edge.perSecond)}/s`
  const waiting = edge.lag !== undefined && edge.lag > 0 ? `${short(edge.lag)} ${t('waiting')}` : ''
  return (
    <g className={`way${isFlowing ? ' flowing' : ''}`}>
      <path d={path} />
      <path
        className="arrow"
        d={`M ${last.x - 7} ${middle(last) - 4} L ${last.x - 1} ${middle(last)} L ${last.x - 7} ${middle(last) + 4}`}
      />
      {label !== '' && (
        <text x={last.x - 12} y={middle(last) - 7} className="rate">
          {label}
        </text>
      )}
      {waiting !== '' && (
        <text x={last.x - 12} y={middle(last) + 16} className="lag">
          {waiting}
        </text>
      )}
    </g>
  )
}

const cut = (name: string): string => (name.length > nameMax ? `${name.slice(0, nameMax - 1)}…` : name)

interface Boxed {
  readonly node: FlowNode
  readonly at: Point
  readonly isChosen: boolean
  readonly onChoose: (service: string) => void
}

const Box = ({ node, at, isChosen, onChoose }: Boxed) => {
  const { t, count } = useWords()
  const isTopic = node.kind === 'topic' || node.kind === 'dead'
  const says = isTopic ? (node.says === '' ? '' : `${count(Number(node.says))} ${t('records')}`) : node.says
  const inside = (
    <>
      <title>{node.name}</title>
      <rect width={box.width} height={box.height} rx={isTopic ? 25 : 10} />
      <text x={box.width / 2} y={says === '' ? 30 : 22} className="name">
        {cut(node.name)}
      </text>
      {says !== '' && (
        <text x={box.width / 2} y={38} className="says">
          {says}
        </text>
      )}
    </>
  )
  const place = `translate(${at.x} ${at.y})`
  if (node.kind !== 'service')
    return (
      <g className={`box ${node.kind}`} transform={place}>
        {inside}
      </g>
    )
  return (
    // biome-ignore lint/a11y/useSemanticElements: inside of a drawing there is no button
    <g
      className={`box service${isChosen ? ' chosen' : ''}`}
      transform={place}
      role="button"
      tabIndex={0}
      aria-pressed={isChosen}
      aria-label={node.name}
      onClick={() => onChoose(node.name)}
      onKeyDown={event => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onChoose(node.name)
      }}
    >
      {inside}
    </g>
  )
}
