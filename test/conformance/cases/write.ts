/** Short words for writing cases by hand. */
import type { CaseNode, CaseOutput, CaseStep, JoinKind, Named, Window } from '../case-format.ts'

export const named = (fn: string, options: Omit<Named, 'fn'> = {}): Named => ({ fn, ...options })
export const plus = named('plus')
export const concat = named('concat')
export const firstLetter = named('firstLetter')

export const stream = (id: string, topic = id): CaseNode => ({ id, op: 'stream', topic })
export const table = (id: string, topic = id): CaseNode => ({ id, op: 'table', topic })
export const versionedTable = (id: string, historyMs: number): CaseNode => ({ id, op: 'table', topic: id, historyMs })
export const to = (from: string, topic = 'out'): CaseNode => ({ id: `to ${topic}`, op: 'to', from: [from], topic })

/** A table's changes, written to a topic. */
export const changesTo = (from: string, topic = 'out'): CaseNode[] => [
  { id: `changes of ${from}`, op: 'changes', from: [from] },
  to(`changes of ${from}`, topic),
]

export const join = (left: string, right: string, kind: JoinKind, graceMs?: number): CaseNode => ({
  id: 'joined',
  op: 'join',
  from: [left, right],
  kind,
  joiner: plus,
  ...(graceMs === undefined ? {} : { graceMs }),
})

export const within = (kind: JoinKind, beforeMs: number, afterMs: number, graceMs: number): CaseNode => ({
  id: 'joined',
  op: 'joinWithin',
  from: ['left', 'right'],
  kind,
  beforeMs,
  afterMs,
  graceMs,
  joiner: plus,
})

export const tumbling = (sizeMs: number, graceMs: number): Window => ({ type: 'tumbling', sizeMs, graceMs })
export const hopping = (sizeMs: number, advanceMs: number, graceMs: number): Window => ({
  type: 'hopping',
  sizeMs,
  advanceMs,
  graceMs,
})
export const sliding = (differenceMs: number, graceMs: number): Window => ({ type: 'sliding', differenceMs, graceMs })
export const session = (gapMs: number, graceMs: number): Window => ({ type: 'session', gapMs, graceMs })

const word = (text: string) => (text === '-' ? null : text === "''" ? '' : text.replaceAll('_', ' '))

/** One step a line: `topic key value timestamp`, or `advance milliseconds`. `-` is null, `''` empty, `_` a blank. */
export function steps(lines: string): CaseStep[] {
  return lines
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(words => words.length > 1)
    .map(([first, ...rest]) => {
      if (first === 'advance') return { advance: Number(rest[0]) }
      if (rest.length !== 3)
        throw new Error(`a step is "topic key value timestamp", not "${[first, ...rest].join(' ')}"`)
      return { in: first!, key: word(rest[0]!), value: word(rest[1]!), ts: Number(rest[2]) }
    })
}

/** What is right, one line for each step: `key=value@timestamp` for each record, all to `out`; an empty step is `.`. */
export function outputs(lines: string): CaseOutput[][] {
  return lines
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line => (line === '.' ? [] : line.split(/\s+/).map(output)))
}

function output(text: string): CaseOutput {
  const parts = /^(.*?)=(.*)@(\d+)$/.exec(text)
  if (!parts) throw new Error(`an output is "key=value@timestamp", not "${text}"`)
  return ['out', word(parts[1]!), word(parts[2]!), Number(parts[3])]
}

/** The same records at multiples of three: with a grace that is none, no window ends just when it closes. */
export function thirds(given: readonly CaseStep[]): CaseStep[] {
  return given.map(step => ('ts' in step ? { ...step, ts: Math.floor(step.ts / 3) * 3 } : step))
}
