import type { Read } from './folder.ts'

// What the pipeline must have made of its input, worked out with plain maps.

export interface Made {
  readonly key: string
  readonly value: string
  readonly timestamp: number
}

/** Eight bytes, big endian, as a binary string. */
export const eight = (value: number): string => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes.toString('latin1')
}

const six = (value: number): string => eight(value).slice(2)

interface Input {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly amount: number
}

export const inputOf = ({ value }: Read): Input => JSON.parse(value) as Input

const amountMax = 100

/** What can be neither read nor done: it must be among the dead letters, and have had no effect. */
export const isPoison = (read: Read): boolean => {
  try {
    return inputOf(read).amount > amountMax
  } catch {
    return true
  }
}

/** By what a record of the input is acknowledged: what cannot be read is its own name. */
export const idOf = (read: Read): string => {
  try {
    return inputOf(read).id
  } catch {
    return read.value
  }
}

export const echoes = (inputs: readonly Read[]): Made[] =>
  inputs.map(read => {
    const { id, amount } = inputOf(read)
    return { key: read.key, value: JSON.stringify({ id, twice: 2 * amount }), timestamp: read.timestamp }
  })

export const grades = (inputs: readonly Read[]): Made[] =>
  inputs.map(read => {
    const { id, amount } = inputOf(read)
    const grade = amount % 50 < 25 ? 'small' : 'large'
    return { key: read.key, value: JSON.stringify({ id, grade }), timestamp: read.timestamp }
  })

export const entries = (inputs: readonly Read[]): Made[] =>
  inputs.flatMap(read => {
    const { id, from, to, amount } = inputOf(read)
    const side = (account: string, amount: number) => ({
      key: account,
      value: JSON.stringify({ id, account, amount }),
      timestamp: read.timestamp,
    })
    return [side(from, -amount), side(to, amount)]
  })

export interface Folded {
  /** Every update, in order. */
  readonly made: readonly Made[]
  /** What the store holds, in the order of its keys. */
  readonly state: readonly (readonly [key: string, value: string])[]
}

/** A row for each key, every update of it written; `state` under the tag of data, behind the time of its last change. */
const fold = (
  reads: readonly Read[],
  add: (before: number, read: Read) => number,
  write: (value: number) => string,
) => {
  const rows = new Map<string, { value: number; timestamp: number }>()
  const made: Made[] = []
  for (const read of reads) {
    const before = rows.get(read.key)
    const timestamp = Math.max(before?.timestamp ?? 0, read.timestamp)
    const value = add(before?.value ?? 0, read)
    rows.set(read.key, { value, timestamp })
    made.push({ key: read.key, value: write(value), timestamp })
  }
  const state = [...rows].map(([key, row]) => [`\x01${key}`, eight(row.timestamp) + write(row.value)] as const)
  return { made, state: state.sort(([a], [b]) => (a < b ? -1 : 1)) }
}

export const sent = (inputs: readonly Read[]): Folded => fold(inputs, count => count + 1, eight)

export const balances = (reads: readonly Read[]): Folded =>
  fold(reads, (sum, { value }) => sum + (JSON.parse(value) as { amount: number }).amount, JSON.stringify)

const sizeMs = 1_000
const graceMs = 500

/** Windows of a second, 500 ms of grace; `open` are those that can still change, `state` all that there were. */
export const perSecond = (reads: readonly Read[]): Folded & { readonly open: ReadonlySet<string>; late: number } => {
  const rows = new Map<string, { count: number; timestamp: number; end: number }>()
  const made: Made[] = []
  let time = 0
  let late = 0
  for (const { key, timestamp } of reads) {
    time = Math.max(time, timestamp)
    const start = Math.floor(timestamp / sizeMs) * sizeMs
    if (start + sizeMs <= time - graceMs) {
      late++
      continue
    }
    const at = `\x01${six(start)}${key}`
    const before = rows.get(at)
    const row = {
      count: (before?.count ?? 0) + 1,
      timestamp: Math.max(before?.timestamp ?? 0, timestamp),
      end: start + sizeMs,
    }
    rows.set(at, row)
    made.push({ key, value: JSON.stringify({ start, count: row.count }), timestamp: row.timestamp })
  }
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    made,
    late,
    state: sorted.map(([at, row]) => [at, eight(row.timestamp) + eight(row.count)]),
    open: new Set(sorted.filter(([, { end }]) => end > time - graceMs).map(([at]) => at)),
  }
}
