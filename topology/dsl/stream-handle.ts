import { text, whole } from '../formats.ts'
import { type Arm, branch } from '../operators/branch.ts'
import { deadLetter } from '../operators/dead-letter.ts'
import { dedupe } from '../operators/dedupe.ts'
import { discard } from '../operators/discard.ts'
import { filter } from '../operators/filter.ts'
import { flatMap } from '../operators/flat-map.ts'
import { type GlobalLookup, lookupGlobal } from '../operators/lookup-global.ts'
import { map } from '../operators/map.ts'
import { merge } from '../operators/merge.ts'
import type { OperatorOf } from '../operators/operator.ts'
import { peek } from '../operators/peek.ts'
import { process } from '../operators/process.ts'
import { rekey } from '../operators/rekey.ts'
import { sink } from '../operators/sink.ts'
import { toTable } from '../operators/table.ts'
import { portOf } from './drawing.ts'
import { type Duration, millis } from './duration.ts'
import { enrichment, type LooseEnrichOptions } from './enrich.ts'
import type { GlobalTableHandle } from './global-table.ts'
import { GroupHandle } from './group-handle.ts'
import { type AnyFormat, type AnyFunction, type Checked, Handle } from './handle.ts'
import { type LooseOwnCode, ownCode } from './own-code.ts'
import { rest } from './rest.ts'
import { storeFacts } from './store-facts.ts'
import type { StoreOptions, TableOptions } from './stream.ts'
import { TableHandle } from './table-handle.ts'
import { joinedWithTable, type TableJoinOptions } from './table-joined.ts'
import { tableKept } from './table-kept.ts'
import { specOf } from './topic.ts'
import { joinedWithin, type WithinOptions } from './within-joined.ts'

export class StreamHandle extends Handle {
  #next(operator: OperatorOf, value = this.value): StreamHandle {
    return new StreamHandle(this.attach(operator), this.key, value)
  }

  map(change: AnyFunction, options?: { as: AnyFormat }): StreamHandle {
    return new StreamHandle(this.attach(map(change)), this.key, options?.as)
  }

  flatMap(change: AnyFunction, options?: { as: AnyFormat }): StreamHandle {
    return new StreamHandle(this.attach(flatMap(change as Checked)), this.key, options?.as)
  }

  filter(keep: AnyFunction): StreamHandle {
    return this.#next(filter(keep as Checked))
  }

  branch(arms: Readonly<Record<string, unknown>>): Record<string, StreamHandle> {
    const ordered = Object.entries(arms).map(
      ([name, arm]): Arm => ({ name, takes: arm === rest ? undefined : (arm as Checked) }),
    )
    // The rest comes last however the arms are written: it takes what no other arm took.
    const tests = [...ordered.filter(arm => arm.takes), ...ordered.filter(arm => !arm.takes)]
    const place = this.attach(branch(tests))
    return Object.fromEntries(
      tests.map(({ name }) => [name, new StreamHandle(portOf(place, name), this.key, this.value)]),
    )
  }

  merge(...others: readonly StreamHandle[]): StreamHandle {
    const same = others.every(other => other.value?.name === this.value?.name)
    return new StreamHandle(this.attach(merge(others.length + 1), others), this.key, same ? this.value : undefined)
  }

  peek(look: AnyFunction): StreamHandle {
    return this.#next(peek(look))
  }

  rekey(name: string, by: AnyFunction, options: { key: AnyFormat; partitions?: number }): StreamHandle {
    const { key, partitions } = options
    const value = this.value!
    return new StreamHandle(this.attach(rekey({ name, key, value, partitions }, by), [], name), key, value)
  }

  join(table: TableHandle, merge: AnyFunction, options: TableJoinOptions = {}): StreamHandle {
    return new StreamHandle(joinedWithTable(this, table, merge, options), this.key, options.as)
  }

  joinWithin(name: string, right: Handle, how: WithinOptions): StreamHandle {
    return new StreamHandle(joinedWithin(name, this, right, how), this.key, how.as)
  }

  lookup(table: GlobalTableHandle, how: Partial<GlobalLookup> & { as?: AnyFormat }): StreamHandle {
    const { kind = 'inner', key, with: combine } = how
    const operator = lookupGlobal(table.storeIn(this.place.drawing), { kind, key: key!, with: combine! })
    return new StreamHandle(this.attach(operator), this.key, how.as)
  }

  dedupe(name: string, options: { by?: AnyFunction; within: Duration } & StoreOptions): StreamHandle {
    const { by, version } = options
    const withinMs = millis(options.within, `within of dedupe ${name}`)
    const kept = { retentionMs: withinMs, ...(version !== undefined && { version }) }
    const store = storeFacts(name, 'seen', by === undefined ? this.key : text, whole, kept)
    const place = this.attach(dedupe(store, withinMs, by as Checked), [], name)
    return new StreamHandle(place, this.key, this.value)
  }

  enrich(name: string, call: Checked, how: LooseEnrichOptions): StreamHandle {
    const operator = enrichment(name, call, { key: this.key, value: this.value! }, how)
    return new StreamHandle(this.attach(operator, [], name), this.key, how.as)
  }

  process(name: string, how: LooseOwnCode): StreamHandle {
    const place = this.attach(process(ownCode(name, this.key, how)), [], name)
    return new StreamHandle(place, how.key ?? this.key, how.as)
  }

  group(): GroupHandle {
    return new GroupHandle(this.place, this.key, this.value)
  }

  table(name: string, options?: TableOptions): TableHandle {
    const table = tableKept(name, this.key, this.value!, options)
    return new TableHandle(this.attach(toTable(table), [], name), this.key, this.value, table.historyMs)
  }

  to(topic: Checked): void {
    this.attach(sink(specOf(topic)), [], specOf(topic).name)
  }

  toKeyed(topic: Checked, by: AnyFunction): void {
    this.attach(sink(specOf(topic), by), [], specOf(topic).name)
  }

  deadLetter(topic: Checked, reason: string): void {
    this.attach(deadLetter(specOf(topic), reason), [], specOf(topic).name)
  }

  discard(): void {
    this.attach(discard())
  }

  use(fragment: (stream: StreamHandle) => unknown): unknown {
    return fragment(this)
  }
}
