import { type Breach, type Committed, Findings, line } from './findings.ts'
import { Folder, type Read } from './folder.ts'
import { balances, echoes, entries, type Folded, inputOf, isPoison, type Made, perSecond, sent } from './replay.ts'

export interface Cut {
  readonly breaches: readonly Breach[]
  /** Records that the pipeline had not taken, and questions without an answer. */
  readonly left: number
  /** Records taken, over all inputs. */
  readonly taken: number
  readonly late: number
  /** Records that must have been written and that topics have let go. */
  readonly gone?: number
  /** Dead letters that there had to be. */
  readonly buried?: number
  /** What must be the same in every run over this input. */
  readonly outputs: Readonly<Record<string, readonly string[]>>
}

export const byAccount = 'ledger-by-account-repartition'
export const byPlainAccount = 'ledger-by-plain-account-repartition'

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

class Cutting {
  readonly #folder: Committed
  readonly #findings: Findings
  readonly #numbers: readonly number[]

  constructor(folder: Committed) {
    this.#folder = folder
    this.#findings = new Findings(folder)
    this.#numbers = this.#findings.numbers
  }

  check(acknowledged: ReadonlySet<string>): Cut {
    this.#findings.acknowledged(
      this.#numbers.map(partition => this.#folder.records('transfers', partition)),
      acknowledged,
    )
    const all = this.#numbers.map(partition => this.#findings.taken('transfers', partition))
    const buried = this.#findings.buried(all)
    const taken = all.map(reads => reads.filter(read => !isPoison(read)))
    for (const partition of this.#numbers) {
      this.#same('echoes', partition, echoes(taken[partition]!))
      this.#folded('sent', partition, sent(taken[partition]!))
    }
    const pending = this.#findings.graded(taken)
    this.#exchanged(taken)
    const late = this.#accounts()
    const topics = ['transfers', byAccount, byPlainAccount]
    const sum = (of: (topic: string, partition: number) => number) =>
      topics.flatMap(topic => this.#numbers.map(partition => of(topic, partition))).reduce((a, b) => a + b, 0)
    const done = sum((topic, partition) => this.#findings.taken(topic, partition).length)
    const left = sum((topic, partition) => this.#folder.records(topic, partition).length) - done + pending
    return { breaches: this.#findings.breaches, left, taken: done, late, buried, outputs: this.#outputs() }
  }

  /** A partition must hold exactly this, byte for byte and in this order. */
  #same(topic: string, partition: number, expected: readonly Made[]): void {
    this.#findings.compare(
      `${topic}-${partition}`,
      expected.map(line),
      this.#folder.records(topic, partition).map(line),
    )
  }

  #folded(name: string, partition: number, { made, state }: Folded): void {
    this.#same(name, partition, made)
    this.#findings.state(name, partition, state)
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
      this.#findings.compare(`${byAccount}, ${name}`, expected.get(name) ?? [], there.get(name) ?? [])
    const sum = found.reduce((sum, { value }) => sum + (JSON.parse(value) as { amount: number }).amount, 0)
    if (sum !== 0) this.#findings.breach('I5', `the ledger sums to ${sum}, not to zero`)
  }

  #accounts(): number {
    let late = 0
    for (const partition of this.#numbers) {
      const reads = this.#findings.taken(byAccount, partition)
      this.#folded('balances', partition, balances(reads))
      const windows = perSecond(reads)
      late += windows.late
      this.#same(byPlainAccount, partition, windows.made)
      const kept = new Set(this.#folder.store('ledger-per-second-changelog', partition).map(([key]) => key))
      // What is over may be gone already; what is open may not.
      this.#findings.state(
        'per-second',
        partition,
        windows.state.filter(([key]) => windows.open.has(key) || kept.has(key)),
      )
      const plain = this.#findings.taken(byPlainAccount, partition)
      this.#same('per-second', partition, plain)
    }
    return late
  }

  #outputs(): Record<string, readonly string[]> {
    const whole = (topic: string) =>
      this.#numbers.map(partition => [`${topic}-${partition}`, this.#folder.records(topic, partition).map(line)])
    return Object.fromEntries([...whole('echoes'), ...whole('sent'), ...this.#findings.ends()]) as Record<
      string,
      string[]
    >
  }
}

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
