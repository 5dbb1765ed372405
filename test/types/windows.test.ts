import { expectTypeOf, test } from 'vitest'
import {
  type BareStream,
  json,
  type Stream,
  type Table,
  text,
  topic,
  topology,
  type Windowed,
  type WindowedTable,
  whole,
  windowed,
} from '../../topology/index.ts'

interface Sale {
  readonly amount: number
  readonly shop: string
}
interface Totals {
  readonly amount: number
  readonly shops: readonly string[]
}

const sales = topic('sales', { key: text, value: json<Sale>('Sale') })
const visits = topic('visits', { key: text, value: text })
const perHour = topic('per-hour', { key: windowed(text, '1h'), value: whole })
const totals = json<Totals>('Totals')
const init = (): Totals => ({ amount: 0, shops: [] })

/** What only the compiler looks at. */
const refused: (() => unknown)[] = []

test('types flow through groups, windows and what becomes of them', () => {
  topology('windows', draft => {
    const group = draft.stream(sales).group()
    const hours = group.tumbling({ size: '1h', grace: '5m' })
    const counts = hours.count('counts')
    expectTypeOf(counts.late()).toEqualTypeOf<Stream<string, Sale>>()
    expectTypeOf(counts.suppress('final')).toEqualTypeOf<WindowedTable<string, number>>()
    counts
      .changes()
      .filter((count, key) => {
        expectTypeOf(key).toEqualTypeOf<Windowed<string>>()
        expectTypeOf(count).toEqualTypeOf<number | null>()
        return true
      })
      .to(perHour)
    const sums = hours.aggregate('sums', {
      init,
      add: (sum, sale) => {
        expectTypeOf(sum).toEqualTypeOf<Totals>()
        expectTypeOf(sale).toEqualTypeOf<Sale>()
        return { amount: sum.amount + sale.amount, shops: [...sum.shops, sale.shop] }
      },
      as: totals,
    })
    expectTypeOf(sums.filter(sum => sum.amount > 1).suppress('big')).toEqualTypeOf<WindowedTable<string, Totals>>()
    expectTypeOf(sums.map(sum => sum.amount, { as: whole }).suppress('amounts')).toEqualTypeOf<
      WindowedTable<string, number>
    >()
  })
})

test('sessions ask for a merge, and streams of unknown format cannot be reduced', () => {
  topology('sessions', draft => {
    const group = draft.stream(sales).group()
    const sessions = group.session({ gap: '30m', grace: '5m' })
    // @ts-expect-error: sessions that a record joins must become one
    refused.push(() => sessions.aggregate('no-merge', { init, add: sum => sum, as: totals }))
    // @ts-expect-error: grace is always written
    refused.push(() => group.tumbling({ size: '1h' }))
    sessions.reduce('dearest', (one, other) => (one.amount > other.amount ? one : other))
    const bare = draft
      .stream(visits)
      .map(visit => visit.length)
      .group()
      .sliding({ within: '10m', grace: 0 })
    // @ts-expect-error: its values cannot be written
    refused.push(() => bare.reduce('longest', (one, other) => Math.max(one, other)))
    expectTypeOf(bare.count('lengths').late()).toEqualTypeOf<BareStream<string, number>>()
  })
})

test('a cogroup folds values of different types into one', () => {
  topology('cogroup', draft => {
    const both = draft
      .stream(sales)
      .group()
      .cogroup({ init, add: (sum, sale) => ({ ...sum, amount: sum.amount + sale.amount }), as: totals })
      .with(draft.stream(visits).group(), (sum, visit) => {
        expectTypeOf(sum).toEqualTypeOf<Totals>()
        expectTypeOf(visit).toEqualTypeOf<string>()
        return { ...sum, shops: [...sum.shops, visit] }
      })
    expectTypeOf(both.aggregate('all')).toEqualTypeOf<Table<string, Totals>>()
    const days = both.tumbling({ size: '1d', grace: '1h' }).aggregate('days')
    expectTypeOf(days.late()).toEqualTypeOf<BareStream<string, Sale | string>>()
    // @ts-expect-error: sessions that a record joins must become one
    refused.push(() => both.session({ gap: '1h', grace: 0 }).aggregate('sessions'))
  })
})
