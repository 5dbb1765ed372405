import type { Read } from './folder.ts'
import { grades, idOf, inputOf, isPoison, type Made } from './replay.ts'

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I10'

export interface Breach {
  readonly invariant: Invariant
  readonly what: string
}

/** What is committed, of whichever log. */
export interface Committed {
  partitions(topic: string): number
  /** All records of a partition, in order. */
  records(topic: string, partition: number): readonly Read[]
  /** The next offset that a group reads. */
  position(group: string, topic: string, partition: number): number
  /** What a store holds, in the order of its keys. */
  store(changelog: string, partition: number): readonly (readonly [key: string, value: string])[]
}

const group = 'ledger'
const deadLetters = 'ledger-dlq'

export const line = ({ key, value, timestamp }: Made | Read): string => `${key} ${value} ${timestamp}`

/** What was found wrong, and the checks that hold whatever topics keep. */
export class Findings {
  readonly breaches: Breach[] = []
  readonly numbers: readonly number[]
  readonly #committed: Committed

  constructor(committed: Committed) {
    this.#committed = committed
    this.numbers = Array.from({ length: committed.partitions('transfers') }, (_, partition) => partition)
  }

  /** Those before the position of the pipeline; offsets need not be dense. */
  taken(topic: string, partition: number): readonly Read[] {
    const position = this.#committed.position(group, topic, partition)
    return this.#committed.records(topic, partition).filter(({ offset }) => offset < position)
  }

  breach(invariant: Invariant, what: string): void {
    this.breaches.push({ invariant, what })
  }

  acknowledged(inputs: readonly (readonly Read[])[], acknowledged: ReadonlySet<string>): void {
    const there = new Set(inputs.flat().map(idOf))
    const lost = [...acknowledged].filter(id => !there.has(id))
    if (lost.length > 0) this.breach('I1', `${lost.length} acknowledged records are gone, as ${lost[0]}`)
  }

  /** Each record that cannot be handled is a dead letter once, as it came and with its origin, and nothing else is one. */
  buried(taken: readonly (readonly Read[])[]): number {
    const name = (topic: string, partition: number | string, offset: number | string, read: Read): string =>
      `${topic}-${partition}, offset ${offset}: ${line(read)}`
    const expected = taken.flatMap((reads, partition) =>
      reads.filter(isPoison).map(read => name('transfers', partition, read.offset, read)),
    )
    const letters = this.numbers.flatMap(partition => this.#committed.records(deadLetters, partition))
    const found = letters.map(read => {
      const said = (what: string): string => read.headers?.[`__streams.errors.${what}`] ?? ''
      if (said('message') === '' || said('exception') === '') this.breach('I10', `no reason stands by ${line(read)}`)
      return name(said('topic'), said('partition'), said('offset'), read)
    })
    const missing = surplus(expected, found)
    const extra = surplus(found, expected)
    if (missing + extra > 0)
      this.breach('I10', `${missing} dead letters missing, ${extra} too many of ${expected.length}`)
    return expected.length
  }

  compare(where: string, expected: readonly string[], found: readonly string[]): void {
    const at = expected.findIndex((one, index) => one !== found[index])
    if (at < 0 && expected.length === found.length) return
    const index = at < 0 ? expected.length : at
    const missing = surplus(expected, found)
    const extra = surplus(found, expected)
    const seen = new Set(expected)
    const kind =
      missing > 0 ? (extra > 0 ? 'I4' : 'I1') : extra === 0 ? 'I3' : found.every(f => seen.has(f)) ? 'I2' : 'I4'
    const shown = (text: string | undefined) => (text === undefined ? 'nothing' : JSON.stringify(text))
    this.breach(
      kind,
      `${where}: ${missing} missing, ${extra} too many; at ${index} ${shown(expected[index])} is expected, ${shown(found[index])} is there`,
    )
  }

  state(store: string, partition: number, expected: readonly (readonly [string, string])[]): void {
    const found = this.#committed.store(`ledger-${store}-changelog`, partition).filter(([key]) => !key.startsWith('\0'))
    const different = expected.findIndex(([key, value], at) => found[at]?.[0] !== key || found[at]?.[1] !== value)
    if (different < 0 && found.length === expected.length) return
    this.breach(
      'I6',
      `store ${store}-${partition} holds ${found.length} entries of ${expected.length}; the first that differs is ${JSON.stringify(expected[different]?.[0])}`,
    )
  }

  /** Answers come when they come: each record has left or waits, never both, and each key keeps its order. */
  graded(taken: readonly (readonly Read[])[]): number {
    let pending = 0
    for (const partition of this.numbers) {
      const waiting = this.#committed
        .store('ledger-grade-changelog', partition)
        .flatMap(([, value]) => /"id":"([^"]+)"/.exec(value)?.[1] ?? [])
      pending += waiting.length
      const waits = new Set(waiting)
      const done = taken[partition]!.filter(read => !waits.has(inputOf(read).id))
      this.compare(`graded-${partition}`, byKey(grades(done)), byKey(this.#committed.records('graded', partition)))
    }
    return pending
  }

  /** Outputs that must be the same in every run, whatever was first: answers by key, and where each balance goes in the end. */
  ends(): (readonly [name: string, lines: readonly string[]])[] {
    return this.numbers.flatMap(partition => [
      [`graded-${partition}, by key`, byKey(this.#committed.records('graded', partition))] as const,
      // Which of two tasks appended first decides through which values a balance goes.
      [`balances-${partition}, last of each key`, [...this.last('balances', partition).values()].sort()] as const,
    ])
  }

  /** What stands last for each key, without its time. */
  last(topic: string, partition: number): Map<string, string> {
    return new Map(this.#committed.records(topic, partition).map(({ key, value }) => [key, `${key} ${value}`]))
  }
}

const byKey = (made: readonly (Made | Read)[]): string[] =>
  made.map(line).sort((a, b) => compare(a.slice(0, a.indexOf(' ')), b.slice(0, b.indexOf(' '))))

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** How many of these are not among the others, each counted as often as it is there. */
export const surplus = (these: readonly string[], others: readonly string[]): number => {
  const counts = new Map<string, number>()
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1)
  let surplus = 0
  for (const one of these) {
    const left = counts.get(one) ?? 0
    if (left === 0) surplus++
    else counts.set(one, left - 1)
  }
  return surplus
}
