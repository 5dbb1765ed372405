import { useMemo } from 'react'
import { useWords } from '../text/index.ts'
import type { Flow, FlowEdge, FlowNode } from './flow.ts'
import { layout, type Point } from './layout.ts'

const box = { width: 164, height: 48 } as const
const sizes = { across: 196, down: 102 } as const
const margin = 20
const nameMax = 21

interface Drawn {
  readonly flow: Flow
  readonly chosen: string | undefined
  readonly onChoose: (service: string) => void
}

/** Topics and services from top to bottom, with what runs on each way between them. */
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
  const entries = useMemo(() => entriesOf(flow.edges, placed.routes), [flow.edges, placed])
  const width = placed.width - (sizes.across - box.width) + 2 * margin
  const height = placed.height - (sizes.down - box.height) + 2 * margin
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="flow" tabIndex={0} aria-label={t('pipeline')}>
      <svg width={width} height={height} viewBox={`${-margin} ${-margin} ${width} ${height}`}>
        <title>{t('pipelineSays')}</title>
        {flow.edges.map((edge, at) => (
          <Way key={`${edge.from} ${edge.to}`} edge={edge} route={placed.routes[at]!} entry={entries[at]!} />
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

/** Where among those that arrive at the same box, from left to right. */
interface Entry {
  readonly place: number
  readonly of: number
}

const entriesOf = (edges: readonly FlowEdge[], routes: readonly (readonly Point[])[]): Entry[] =>
  edges.map(({ to }, own) => {
    const arriving = edges.flatMap((edge, at) => (edge.to === to ? [at] : []))
    arriving.sort((one, other) => routes[one]!.at(-2)!.x - routes[other]!.at(-2)!.x)
    return { place: arriving.indexOf(own), of: arriving.length }
  })

const entryGap = 30

const middle = ({ x }: Point): number => x + box.width / 2

/** From the foot of the first box to the head of the last, straight down past the layers between. */
const pathOf = ([first, ...others]: readonly Point[], entryX: number): string => {
  let [x, y] = [middle(first!), first!.y + box.height]
  let path = `M ${x} ${y}`
  for (const point of others) {
    const isLast = point === others.at(-1)
    const bend = (point.y - y) / 2
    const to = isLast ? entryX : middle(point)
    path += ` C ${x} ${y + bend}, ${to} ${point.y - bend}, ${to} ${point.y}`
    ;[x, y] = [to, isLast ? point.y : point.y + box.height]
    if (!isLast) path += ` L ${x} ${y}`
  }
  return path
}

const Way = ({ edge, route, entry }: { edge: FlowEdge; route: readonly Point[]; entry: Entry }) => {
  const { short, t } = useWords()
  const last = route.at(-1)!
  const [x, y] = [middle(last) + (entry.place - (entry.of - 1) / 2) * entryGap, last.y]
  // Beside the way: what arrives from the left is told on its left, and the rest one below the other on the right.
  const isLeft = entry.of > 1 && entry.place < entry.of / 2
  const step = isLeft ? entry.place : entry.of - 1 - entry.place
  const isFlowing = edge.perSecond !== undefined && edge.perSecond > 0.05
  return (
    <g className={`way${isFlowing ? ' flowing' : ''}`}>
      <path d={pathOf(route, x)} />
      <path className="arrow" d={`M ${x - 4} ${y - 7} L ${x} ${y - 1} L ${x + 4} ${y - 7}`} />
      {edge.lag !== undefined && (
        <text x={x + (isLeft ? -9 : 9)} y={y - 13 - step * 15} textAnchor={isLeft ? 'end' : 'start'}>
          {edge.perSecond !== undefined && `${short(edge.perSecond)}/s`}
          {edge.lag > 0 && <tspan className="lag">{`  ${short(edge.lag)} ${t('waiting')}`}</tspan>}
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
      {node.kind !== 'service' && <title>{node.name}</title>}
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
