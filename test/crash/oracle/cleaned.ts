import { byAccount, byPlainAccount, type Cut } from './check.ts'
import { type Committed, Findings, line, surplus } from './findings.ts'
import { Folder, type Read } from './folder.ts'
import { balances, echoes, entries, type Made, sent } from './replay.ts'

// The same pipeline in a folder whose topics let go what is over: `echoes` by size, `sent` and `balances` all but the last
// record of each key, the exchanges what has been read. The input is kept, so all that must be there is known; windows
// depend on the order within an exchange, which is gone, and are left to folders that keep all.

/** How topics are made in such a folder. */
export const lettingGo = [
  { name: 'echoes', cleanup: 'delete', retentionBytes: 6_000 },
  { name: 'sent', cleanup: 'compact' },
  { name: 'balances', cleanup: 'compact' },
] as const
/** At least so much of keys and values is kept: the limit goes by what they take in the file. */
const keptBytesMin = 3_000

export interface Kept extends Committed {
  /** The offset after all that was ever written. */
  end(topic: string, partition: number): number
}

export const judgeCleaned = (kept: Kept, acknowledged: ReadonlySet<string>): Cut =>
  new Cutting(kept).check(acknowledged)

export const checkCleaned = async (path: string, acknowledged: ReadonlySet<string>): Promise<Cut> => {
  const folder = new Folder(path, { mayLack: true })
  try {
    return judgeCleaned(folder, acknowledged)
  } finally {
    await folder.close()
  }
}

class Cutting {
  readonly #folder: Kept
  readonly #findings: Findings
  #gone = 0

  constructor(folder: Kept) {
    this.#folder = folder
    this.#findings = new Findings(folder)
  }

  check(acknowledged: ReadonlySet<string>): Cut {
    const { numbers } = this.#findings
    const inputs = numbers.map(partition => this.#folder.records('transfers', partition))
    this.#findings.acknowledged(inputs, acknowledged)
    const taken = numbers.map(partition => this.#findings.taken('transfers', partition))
    for (const partition of numbers) {
      this.#newest('echoes', partition, echoes(taken[partition]!))
      const { made, state } = sent(taken[partition]!)
      this.#compacted('sent', partition, made)
      this.#findings.state('sent', partition, state)
    }
    const pending = this.#findings.graded(taken)
    const unread = this.#balances(taken)
    const later = numbers.flatMap(partition => this.#unread(byPlainAccount, partition)).length
    const done = taken.flat().length
    return {
      breaches: this.#findings.breaches,
      left: inputs.flat().length - done + unread + later + pending,
      taken: done,
      late: 0,
      gone: this.#gone,
      outputs: Object.fromEntries([
        ...numbers.map(partition => [
          `sent-${partition}, last`,
          [...this.#findings.last('sent', partition).values()].sort(),
        ]),
        ...this.#findings.ends(),
      ]) as Record<string, readonly string[]>,
    }
  }

  /** Each record that is there stands where it was written. */
  #inPlace(topic: string, partition: number, made: readonly Made[]): readonly Read[] {
    const found = this.#folder.records(topic, partition)
    const wrong = found.find(read => made[read.offset] === undefined || line(made[read.offset]!) !== line(read))
    if (wrong !== undefined)
      this.#findings.breach(
        'I4',
        `${topic}-${partition} has ${line(wrong)} at ${wrong.offset}, which was never written there`,
      )
    if (this.#folder.end(topic, partition) !== made.length)
      this.#findings.breach(
        this.#folder.end(topic, partition) < made.length ? 'I1' : 'I2',
        `${topic}-${partition} ends at ${this.#folder.end(topic, partition)}, and ${made.length} records were to be written`,
      )
    this.#gone += made.length - found.length
    return found
  }

  /** The newest records without a hole, and not fewer than the limit allows. */
  #newest(topic: string, partition: number, made: readonly Made[]): void {
    const found = this.#inPlace(topic, partition, made)
    const first = found[0]?.offset ?? made.length
    if (found.length !== made.length - first)
      this.#findings.breach(
        'I1',
        `${topic}-${partition} has ${found.length} records from ${first} on, of ${made.length}`,
      )
    const bytes = found.reduce((sum, { key, value }) => sum + key.length + value.length, 0)
    if (first > 0 && bytes < keptBytesMin)
      this.#findings.breach('I1', `${topic}-${partition} has let go all but ${bytes} bytes`)
  }

  /** At least the last record of each key. */
  #compacted(topic: string, partition: number, made: readonly Made[]): void {
    const there = new Set(this.#inPlace(topic, partition, made).map(({ offset }) => offset))
    const last = new Map(made.map(({ key }, offset) => [key, offset]))
    for (const [key, offset] of last)
      if (!there.has(offset))
        this.#findings.breach('I1', `${topic}-${partition} has lost the last record of ${key}, at ${offset}`)
  }

  #unread(topic: string, partition: number): readonly Read[] {
    const position = this.#folder.position('ledger', topic, partition)
    const found = this.#folder.records(topic, partition)
    const unread = found.filter(({ offset }) => offset >= position)
    const written = this.#folder.end(topic, partition) - position
    if (unread.length !== written)
      this.#findings.breach(
        'I1',
        `of ${topic}-${partition} ${written} records are to be read, and ${unread.length} are there`,
      )
    this.#gone += this.#folder.end(topic, partition) - found.length
    return unread
  }

  /** What is in the balances is what went into the exchange and is not in there any more, whoever was first. */
  #balances(taken: readonly (readonly Read[])[]): number {
    const { numbers } = this.#findings
    const made = taken.flatMap(reads => entries(reads))
    const unread = numbers.flatMap(partition => this.#unread(byAccount, partition))
    const waiting = unread.map(line)
    if (surplus(waiting, made.map(line)) > 0) this.#findings.breach('I4', `${byAccount} has what nobody wrote`)
    const read = without(made, waiting)
    const expected = balances(read.map((one, offset) => ({ ...one, offset }))).state
    const stores = numbers.flatMap(partition => this.#folder.store('ledger-balances-changelog', partition))
    const rows = (entries: readonly (readonly [string, string])[]) =>
      entries.filter(([key]) => !key.startsWith('\0')).map(([key, value]) => `${key.slice(1)} ${value.slice(8)}`)
    this.#findings.compare('the stores of balances', rows(expected).sort(), rows(stores).sort())
    const topic = numbers.flatMap(partition => [...this.#findings.last('balances', partition).values()])
    this.#findings.compare('the last of balances', rows(expected).sort(), topic.sort())
    this.#gone += read.length - numbers.flatMap(partition => this.#folder.records('balances', partition)).length
    const sum = read.reduce((sum, { value }) => sum + (JSON.parse(value) as { amount: number }).amount, 0)
    const left = unread.reduce((sum, { value }) => sum + (JSON.parse(value) as { amount: number }).amount, 0)
    if (sum + left !== 0) this.#findings.breach('I5', `the ledger sums to ${sum + left}, not to zero`)
    return unread.length
  }
}

/** These without those lines, each as often as it is there. */
const without = (made: readonly Made[], lines: readonly string[]): Made[] => {
  const counts = new Map<string, number>()
  for (const one of lines) counts.set(one, (counts.get(one) ?? 0) + 1)
  return made.filter(one => {
    const left = counts.get(line(one)) ?? 0
    if (left > 0) counts.set(line(one), left - 1)
    return left === 0
  })
}
