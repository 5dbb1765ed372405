import { expect, test } from 'vitest'
import { byAccount } from './oracle/check.ts'
import { judgeCleaned, type Kept } from './oracle/cleaned.ts'
import type { Read } from './oracle/folder.ts'
import { balances, echoes, entries, grades, type Made, sent } from './oracle/replay.ts'

// The oracle of topics that let go must see what was let go too early. Its folders are made up here, one mistake in each.

const howMany = 200
const unread = 4

interface Content {
  readonly topics: Record<string, Read[]>
  readonly stores: Record<string, (readonly [string, string])[]>
}

const placed = (made: readonly Made[]): Read[] => made.map((one, offset) => ({ ...one, offset }))
const lastOf = (reads: readonly Read[]): Read[] =>
  [...new Map(reads.map(read => [read.key, read])).values()].sort((a, b) => a.offset - b.offset)

const inputs = placed(
  Array.from({ length: howMany }, (_, number) => ({
    key: `from-${number % 5}`,
    value: JSON.stringify({ id: `0-${number}`, from: `from-${number % 5}`, to: `to-${number % 7}`, amount: number }),
    timestamp: 1_000 + number,
  })),
)
const exchanged = placed(entries(inputs))
const summed = balances(exchanged.slice(0, -unread))

/** What a folder holds whose topics have let go all that they may. */
const content = (): Content => ({
  topics: {
    transfers: [...inputs],
    echoes: placed(echoes(inputs)).slice(20),
    sent: lastOf(placed(sent(inputs).made)),
    graded: placed(grades(inputs)),
    balances: lastOf(placed(summed.made)),
    [byAccount]: exchanged.slice(-unread),
  },
  stores: { sent: [...sent(inputs).state], balances: [...summed.state] },
})

const ends: Readonly<Record<string, number>> = {
  transfers: howMany,
  echoes: howMany,
  sent: howMany,
  [byAccount]: exchanged.length,
}

const keptOf = ({ topics, stores }: Content): Kept => ({
  partitions: () => 1,
  records: topic => topics[topic] ?? [],
  end: topic => ends[topic] ?? 0,
  position: (_, topic) => (topic === byAccount ? exchanged.length - unread : (ends[topic] ?? 0)),
  store: changelog => stores[/^ledger-(.*)-changelog$/.exec(changelog)![1]!] ?? [],
})

const found = (mistake: (content: Content) => void): string[] => {
  const made = content()
  mistake(made)
  return judgeCleaned(keptOf(made), new Set(['0-1'])).breaches.map(({ invariant }) => invariant)
}

test('what topics may let go is no breach', () => {
  const cut = judgeCleaned(keptOf(content()), new Set(['0-1']))
  expect([cut.breaches, cut.left]).toEqual([[], unread])
  expect(cut.gone).toBeGreaterThan(3 * howMany)
})

const mistakes: Readonly<Record<string, readonly [string, (content: Content) => void]>> = {
  'a record of an exchange that nobody has read': ['I1', ({ topics }) => topics[byAccount]!.splice(1, 1)],
  'the last record of a key': ['I1', ({ topics }) => topics.sent!.splice(0, 1)],
  'a record among those that are kept': ['I1', ({ topics }) => topics.echoes!.splice(9, 1)],
  'more than the size allows': ['I1', ({ topics }) => topics.echoes!.splice(0, topics.echoes!.length - 9)],
  'the last balance of an account': ['I1', ({ topics }) => topics.balances!.splice(3, 1)],
  'a row of a store': ['I6', ({ stores }) => stores.sent!.splice(2, 1)],
  'an acknowledged record': ['I1', ({ topics }) => topics.transfers!.splice(1, 1)],
}

for (const [what, [invariant, mistake]] of Object.entries(mistakes)) {
  test(`the oracle sees that topics have let go ${what}`, () => {
    expect(found(mistake)).toContain(invariant)
  })
}

test('the oracle sees a record that compaction has moved', () => {
  expect(
    found(({ topics }) => {
      topics.sent![0] = { ...topics.sent![0]!, offset: topics.sent![0]!.offset - 1 }
    }),
  ).toContain('I4')
})
