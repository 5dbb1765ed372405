import { expect, test } from 'vitest'
import { partsFor } from '../../../runners/cli/only.ts'
import { progressText } from '../../../runners/cli/progress.ts'
import { text, topic, topology } from '../../../topology/index.ts'
import { plan } from '../../../topology/plan/parts.ts'

const a = topic('a', { key: text, value: text })
const b = topic('b', { key: text, value: text })
const plans = [
  topology('desk', draft => {
    draft.source('inbox', a).to(b)
    draft.sink('export', b)
  }),
  topology('counts', draft => draft.stream(b).discard()),
].map(({ graph }) => plan(graph))

const chosen = (...only: string[]) => Object.fromEntries(partsFor(plans, only) ?? [])

test('--only names a topology, a connector, or a part of a topology', () => {
  expect(partsFor(plans, [])).toBeUndefined()
  expect(chosen('desk')).toEqual({ desk: ['tasks', { source: 'inbox' }, { sink: 'export' }] })
  expect(chosen('export', 'counts')).toEqual({ desk: [{ sink: 'export' }], counts: ['tasks'] })
  expect(chosen('desk.tasks', 'desk.inbox')).toEqual({ desk: ['tasks', { source: 'inbox' }] })
})

test('a name that is none is met with the nearest one, or with all', () => {
  expect(() => chosen('exprot')).toThrow(
    '--only names "exprot", which is neither a topology nor a connector. Did you mean "export"?',
  )
  expect(() => chosen('tasks')).toThrow('There are: desk, inbox, export, counts.')
})

test('progress says how much, how fast, and how long it will still take', () => {
  expect(progressText('reading', 12_000, undefined, 2_000)).toBe('reading: 12,000, 6,000/s')
  expect(progressText('records', 250_000, 1_000_000, 5_000)).toBe(
    'records: 250,000 of 1,000,000 (25 %), 50,000/s, 15 s left',
  )
  expect(progressText('records', 1, 1_000_000, 1_000)).toBe('records: 1 of 1,000,000 (0 %), 1/s, 277.8 h left')
  expect(progressText('records', 0, 10, 0)).toBe('records: 0 of 10 (0 %), 0/s')
})
