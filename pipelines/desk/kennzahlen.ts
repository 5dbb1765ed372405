import { ticketCount } from '../../schemas/desk/generated/desk.ts'
import { ticketCounts, ticketsLabeled } from '../../schemas/desk/topics.ts'
import { json, text, topology } from '../../topology/index.ts'

const windowMs = 3_600_000
/** A ticket whose label came so late still counts in the hour in which it came in. */
const grace = '1d'

const dimensions = ['category', 'priority', 'origin'] as const

interface Counted {
  readonly dimension: (typeof dimensions)[number]
  readonly value: string
}

/** How many tickets each hour had, by category, priority and origin. Each count is written anew when it changes. */
export default topology('kennzahlen', draft => {
  draft
    .stream(ticketsLabeled)
    .flatMap(ticket => dimensions.map(dimension => ({ dimension, value: ticket[dimension] })), {
      as: json<Counted>('Counted'),
    })
    .rekey('by-value', ({ dimension, value }) => `${dimension}/${value}`, { key: text })
    .group()
    .tumbling({ size: windowMs, grace })
    .count('tickets-per-hour', { emit: 'perCommit' })
    .changes()
    .map(
      (count, { key, start }) => ({
        windowStart: start,
        windowMs: BigInt(windowMs),
        dimension: key.slice(0, key.indexOf('/')),
        value: key.slice(key.indexOf('/') + 1),
        count: BigInt(count ?? 0),
      }),
      { as: ticketCount },
    )
    .toKeyed(ticketCounts, ({ dimension, value, windowStart }) => `${dimension}/${value}@${windowStart}`)
})
