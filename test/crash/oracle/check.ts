import { Folder, type Read } from './folder.ts'
import { balances, echoes, entries, type Folded, grades, inputOf, type Made, perSecond, sent } from './replay.ts'

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6'

export interface Breach {
  readonly invariant: Invariant
  readonly what: string
}

export interface Cut {
  readonly breaches: readonly Breach[]
  /** Records that the pipeline had not taken, and questions without an answer. */
  readonly left: number
  /** Records taken, over all inputs. */
  readonly taken: number
  readonly late: number
  /** What must be the same in every run over this input. */
  readonly outputs: Readonly<Record<string, readonly string[]>>
}

const group = 'ledger'
const byAccount = 'ledger-by-account-repartition'
const byPlainAccount = 'ledger-by-plain-account-repartition'

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

/** Holds what is committed against what its input must have become, and against what was acknowledged. */
export const judge = (committed: Committed, acknowledged: ReadonlySet<string>): Cut =>
  new Cutting(committed).check(acknowledged)

/** Holds what is committed in a folder against what its input must have become, and against what was acknowledged. */
export const check = async (path: string, acknowledged: ReadonlySet<string>): Promise<Cut> => {
  const folder = new Folder(path)
  try {
    return judge(folder, acknowledged)
  } finally {
    await folder.close()
  }
}

const line = ({ key, value, timestamp }: Made | Read): string => `${key} ${value} ${timestamp}`

class Cutting {
  readonly #folder: Committed
  readonly #breaches: Breach[] = []
  readonly #numbers: number[]

  constructor(folder: Committed) {
    this.#folder = folder
    this.#numbers = Array.from({ length: folder.partitions('transfers') }, (_, partition) => partition)
  }

  check(acknowledged: ReadonlySet<string>): Cut {
    this.#acknowledged(
      this.#numbers.map(partition => this.#folder.records('transfers', partition)),
      acknowledged,
    )
    const taken = this.#numbers.map(partition => this.#taken('transfers', partition))
    for (const partition of this.#numbers) {
      this.#same('echoes', partition, echoes(taken[partition]!))
      this.#folded('sent', partition, sent(taken[partition]!))
    }
    const pending = this.#graded(taken)
    this.#exchanged(taken)
    const late = this.#accounts()
    const topics = ['transfers', byAccount, byPlainAccount]
    const sum = (of: (topic: string, partition: number) => number) =>
      topics.flatMap(topic => this.#numbers.map(partition => of(topic, partition))).reduce((a, b) => a + b, 0)
    const done = sum((topic, partition) => this.#taken(topic, partition).length)
    const left = sum((topic, partition) => this.#folder.records(topic, partition).length) - done + pending
    return { breaches: this.#breaches, left, taken: done, late, outputs: this.#outputs() }
  }

  /** Those before the position of the pipeline; offsets need not be dense. */
  #taken(topic: string, partition: number): readonly Read[] {
    const position = this.#folder.position(group, topic, partition)
    return this.#folder.records(topic, partition).filter(({ offset }) => offset < position)
  }

  #breach(invariant: Invariant, what: string): void {
    this.#breaches.push({ invariant, what })
  }

  #acknowledged(inputs: readonly (readonly Read[])[], acknowledged: ReadonlySet<string>): void {
    const there = new Set(inputs.flat().map(read => inputOf(read).id))
    const lost = [...acknowledged].filter(id => !there.has(id))
    if (lost.length > 0) this.#breach('I1', `${lost.length} acknowledged records are gone, as ${lost[0]}`)
  }

  /** A partition must hold exactly this, byte for byte and in this order. */
  #same(topic: string, partition: number, expected: readonly Made[]): void {
    this.#compare(`${topic}-${partition}`, expected.map(line), this.#folder.records(topic, partition).map(line))
  }

  #compare(where: string, expected: readonly string[], found: readonly string[]): void {
    const at = expected.findIndex((one, index) => one !== found[index])
    if (at < 0 && expected.length === found.length) return
    const index = at < 0 ? expected.length : at
    const missing = surplus(expected, found)
    const extra = surplus(found, expected)
    const seen = new Set(expected)
    const kind =
      missing > 0 ? (extra > 0 ? 'I4' : 'I1') : extra === 0 ? 'I3' : found.every(f => seen.has(f)) ? 'I2' : 'I4'
    const shown = (text: string | undefined) => (text === undefined ? 'nothing' : JSON.stringify(text))
    this.#breach(
      kind,
      `${where}: ${missing} missing, ${extra} too many; at ${index} ${shown(expected[index])} is expected, ${shown(found[index])} is there`,
    )
  }

  #state(store: string, partition: number, expected: readonly (readonly [string, string])[]): void {
    const found = this.#folder.store(`ledger-${store}-changelog`, partition).filter(([key]) => !key.startsWith('\0'))
    const different = expected.findIndex(([key, value], at) => found[at]?.[0] !== key || found[at]?.[1] !== value)
    if (different < 0 && found.length === expected.length) return
    this.#breach(
      'I6',
      `store ${store}-${partition} holds ${found.length} entries of ${expected.length}; the first that differs is ${JSON.stringify(expected[different]?.[0])}`,
    )
  }

  #folded(name: string, partition: number, { made, state }: Folded): void {
    this.#same(name, partition, made)
    this.#state(name, partition, state)
  }

  /** Answers come when they come: each record has left or waits, never both, and each key keeps its order. */
  #graded(taken: readonly (readonly Read[])[]): number {
    let pending = 0
    for (const partition of this.#numbers) {
      const waiting = this.#folder
        .store('ledger-grade-changelog', partition)
        .flatMap(([, value]) => /"id":"([^"]+)"/.exec(value)?.[1] ?? [])
      pending += waiting.length
      const waits = new Set(waiting)
      const done = taken[partition]!.filter(read => !waits.has(inputOf(read).id))
      const byKey = (made: readonly (Made | Read)[]) =>
        made.map(line).sort((a, b) => compare(a.slice(0, a.indexOf(' ')), b.slice(0, b.indexOf(' '))))
      this.#compare(`graded-${partition}`, byKey(grades(done)), byKey(this.#folder.records('graded', partition)))
    }
    return pending
  }

  /** Several tasks append to the exchange: what came of one input partition keeps its order there, and all sums to zero. */
  #exchanged(taken: readonly (readonly Read[])[]): void {
    const found = this.#numbers.flatMap(partition => this.#folder.records(byAccount, partition))
    const origin = new Map(taken.flatMap((reads, partition) => reads.map(read => [inputOf(read).id, partition])))
    const lane = (made: Made | Read) => `${made.key} from ${origin.get((JSON.parse(made.value) as { id: string }).id)}`
    const expected = lanes(
      taken.flatMap(reads => entries(reads)),
      lane,
    )
    const there = lanes(found, lane)
    for (const name of new Set([...expected.keys(), ...there.keys()]))
      this.#compare(`${byAccount}, ${name}`, expected.get(name) ?? [], there.get(name) ?? [])
    const sum = found.reduce((sum, { value }) => sum + (JSON.parse(value) as { amount: number }).amount, 0)
    if (sum !== 0) this.#breach('I5', `the ledger sums to ${sum}, not to zero`)
  }

  #accounts(): number {
    let late = 0
    for (const partition of this.#numbers) {
      const reads = this.#taken(byAccount, partition)
      this.#folded('balances', partition, balances(reads))
      const windows = perSecond(reads)
      late += windows.late
      this.#same(byPlainAccount, partition, windows.made)
      const kept = new Set(this.#folder.store('ledger-per-second-changelog', partition).map(([key]) => key))
      // What is over may be gone already; what is open may not.
      this.#state(
        'per-second',
        partition,
        windows.state.filter(([key]) => windows.open.has(key) || kept.has(key)),
      )
      const plain = this.#taken(byPlainAccount, partition)
      this.#same('per-second', partition, plain)
    }
    return late
  }

  #outputs(): Record<string, readonly string[]> {
    const whole = (topic: string) =>
      this.#numbers.map(partition => [`${topic}-${partition}`, this.#folder.records(topic, partition).map(line)])
    const graded = this.#numbers.map(partition => [
      `graded-${partition}, by key`,
      this.#folder
        .records('graded', partition)
        .map(line)
        .sort((a, b) => compare(a.slice(0, a.indexOf(' ')), b.slice(0, b.indexOf(' ')))),
    ])
    // Which of two tasks appended first decides through which values a balance goes, not where it ends.
    const last = this.#numbers.map(partition => [
      `balances-${partition}, last of each key`,
      [
        ...new Map(
          this.#folder.records('balances', partition).map(({ key, value }) => [key, `${key} ${value}`]),
        ).values(),
      ].sort(),
    ])
    return Object.fromEntries([...whole('echoes'), ...whole('sent'), ...graded, ...last]) as Record<string, string[]>
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const lanes = (made: readonly (Made | Read)[], lane: (made: Made | Read) => string): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const one of made) {
    const name = lane(one)
    const list = found.get(name)
    if (list === undefined) found.set(name, [line(one)])
    else list.push(line(one))
  }
  return found
}

/** How many of these are not among the others, each counted as often as it is there. */
const surplus = (these: readonly string[], others: readonly string[]): number => {
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
