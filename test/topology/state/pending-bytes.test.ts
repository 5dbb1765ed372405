import { expect, test } from 'vitest'
import { type PendingBytes, pendingBytes, pendingOf } from '../../../topology/state/pending-bytes.ts'
import { utf8 } from '../../../topology/text.ts'

const record = {
  key: utf8('key'),
  value: utf8('a value that is longer than the key'),
  timestamp: 1_700_000_000_000,
  headers: [
    ['trace', utf8('t1')],
    ['empty', new Uint8Array(0)],
    ['none', null],
  ] as const,
  offset: 4_000_000_000,
}
const origin = { topic: 'tickets', partition: 3, record }

const cases: Record<string, PendingBytes> = {
  'as it came': { ...record, origin },
  'changed on the way': { ...record, key: utf8('other'), value: utf8(''), timestamp: 5, headers: [], origin },
  'without key and value': { key: null, value: null, timestamp: 0, headers: [], origin },
  'from a record without key and value': {
    ...record,
    origin: { ...origin, record: { ...record, key: null, value: null } },
  },
  'both without': {
    ...{ key: null, value: null, timestamp: 0, headers: [] },
    origin: { ...origin, record: { ...record, key: null, value: null } },
  },
  'from a timer': {
    ...record,
    origin: { ...origin, record: { ...record, value: null, headers: [], offset: -1 }, timer: 'process reminder' },
  },
  'from nowhere': { ...record, origin: undefined },
}

for (const [name, pending] of Object.entries(cases)) {
  test(`what waits is read as it was written: ${name}`, () => {
    const { key, value, timestamp, headers } = pending
    const read = pendingOf(pendingBytes(pending))
    const plain = { key, value, timestamp, headers, origin: pending.origin && { ...pending.origin } }
    expect(read).toEqual({
      ...plain,
      origin: pending.origin && { ...pending.origin, record: { ...pending.origin.record } },
    })
  })
}

test('what agrees with its record is kept once', () => {
  const value = new Uint8Array(1_000).fill(7)
  const large = { ...record, value }
  expect(pendingBytes({ ...large, origin: { ...origin, record: large } }).length).toBeLessThan(1_200)
})
