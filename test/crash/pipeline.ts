import { bytes, call, json, text, topic, topology, whole } from '../../topology/index.ts'

// The pipeline that is killed: stateful, windowed, repartitioned, calling, and a ledger whose sum is always zero.

export interface Transfer {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly amount: number
}

/** One side of a transfer; the two of each sum to zero. */
export interface Entry {
  readonly id: string
  readonly account: string
  readonly amount: number
}

const entry = json<Entry>('Entry')

export const transfers = topic('transfers', { key: text, value: json<Transfer>('Transfer') })
const echoes = topic('echoes', { key: text, value: json<{ id: string; twice: number }>('Echo') })
const sent = topic('sent', { key: text, value: whole })
const balances = topic('balances', { key: text, value: json<number>('Balance') })
const perSecond = topic('per-second', { key: text, value: json<{ start: number; count: number }>('PerSecond') })
const graded = topic('graded', { key: text, value: json<{ id: string; grade: string }>('Graded') })

const grading = call({ question: json<{ amount: number }>('Amount'), answer: json<{ grade: string }>('Grade') })

export const partitions = 3

/** A transfer of more than this is refused, after half of what is made of it. */
export const amountMax = 100

/** What cannot be read, and what is refused. */
export const deadLetters = topic('ledger-dlq', { key: text, value: bytes })

export default topology('ledger', { deadLetters }, draft => {
  const stream = draft.stream(transfers)
  stream.map(({ id, amount }) => ({ id, twice: amount * 2 }), { as: echoes.value }).to(echoes)
  stream.group().count('sent').changes().to(sent)
  stream
    .enrich('grade', grading, {
      ask: ({ amount }) => ({ amount: amount % 50 }),
      merge: ({ id }, { grade }) => ({ id, grade }),
      as: graded.value,
      inFlight: 16,
      timeout: '5s',
      retry: { attempts: 3, backoff: '5ms' },
      remember: '1h',
    })
    .to(graded)
  const entries = stream
    .flatMap(
      ({ id, from, to, amount }) => {
        if (amount > amountMax) throw new Error(`${from} does not own ${amount}`)
        return [
          { id, account: from, amount: -amount },
          { id, account: to, amount },
        ]
      },
      { as: entry },
    )
    .rekey('by-account', ({ account }) => account, { key: text })
  entries
    .group()
    .aggregate('balances', { init: () => 0, add: (sum, { amount }) => sum + amount, as: balances.value })
    .changes()
    .to(balances)
  entries
    .group()
    .tumbling({ size: '1s', grace: '500ms' })
    .count('per-second')
    .changes()
    .map((count, { start }) => ({ start, count: count ?? 0 }), { as: perSecond.value })
    .rekey('by-plain-account', (_, { key }) => key, { key: text })
    .to(perSecond)
})

/** How its call is answered: by the question alone, after a moment. */
export const calls = {
  grade: async ({ amount }: { amount: number }): Promise<{ grade: string }> => {
    await new Promise(answered => setTimeout(answered, amount % 5))
    return { grade: amount < 25 ? 'small' : 'large' }
  },
}
