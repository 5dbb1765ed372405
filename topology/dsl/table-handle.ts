import { changeFormat } from '../change.ts'
import { changes } from '../operators/changes.ts'
import { regroup } from '../operators/regroup.ts'
import { suppress } from '../operators/suppress.ts'
import { tableJoin } from '../operators/table-join.ts'
import { tableFilter, tableMap } from '../operators/table-map.ts'
import { type Place, portOf } from './drawing.ts'
import { GroupedTableHandle } from './grouped-table-handle.ts'
import { type AnyFormat, type AnyFunction, Handle } from './handle.ts'
import { type LookupOptions, lookup } from './lookup.ts'
import { storeFacts } from './store-facts.ts'
import { StreamHandle } from './stream-handle.ts'
import type { SuppressOptions } from './windowed-table.ts'
import type { Windows } from './windows.ts'

export class TableHandle extends Handle {
  /** How far back its versions go; undefined: it has none. */
  readonly historyMs: number | undefined

  constructor(place: Place, key: AnyFormat, value: AnyFormat | undefined, historyMs?: number) {
    super(place, key, value)
    this.historyMs = historyMs
  }

  changes(): StreamHandle {
    return new StreamHandle(this.attach(changes()), this.key, this.value)
  }

  filter(keep: AnyFunction): TableHandle {
    const place = this.attach(tableFilter(keep, this.historyMs !== undefined))
    return new TableHandle(place, this.key, this.value, this.historyMs)
  }

  map(change: AnyFunction, options: { as: AnyFormat }): TableHandle {
    return new TableHandle(this.attach(tableMap(change)), this.key, options.as, this.historyMs)
  }

  join(other: Handle, merge: AnyFunction, options: { as: AnyFormat; kind?: 'inner' | 'left' | 'outer' }): TableHandle {
    const place = this.attach(tableJoin(options.kind ?? 'inner', merge), [other])
    return new TableHandle(place, this.key, options.as)
  }

  lookup(name: string, other: Handle, how: LookupOptions): TableHandle {
    const { place, store } = lookup(this, name, other, how)
    return new TableHandle(place, store.key, store.value)
  }

  group(name: string, by: AnyFunction, options: { key: AnyFormat; partitions?: number }): GroupedTableHandle {
    const { key, partitions } = options
    const exchange = { name, key, value: changeFormat(this.value!), partitions }
    return new GroupedTableHandle(this.attach(regroup(exchange, by), [], name), key, this.value)
  }
}

export class WindowedTableHandle extends TableHandle {
  readonly #windows: Windows
  /** Formats of the records that were aggregated. */
  readonly #records: Handle | undefined

  constructor(table: Handle, windows: Windows, records?: Handle) {
    super(table.place, table.key, table.value)
    this.#windows = windows
    this.#records = records
  }

  suppress(name: string, options: SuppressOptions = {}): TableHandle {
    const { text, closesAfterMs, retentionMs } = this.#windows
    const store = storeFacts(name, 'suppress', this.key, this.value!, { ...options, window: text, retentionMs })
    const place = this.attach(suppress(store, closesAfterMs, options.windowsMax), [], name)
    return new WindowedTableHandle(new TableHandle(place, this.key, this.value), this.#windows)
  }

  late(): StreamHandle {
    const { key, value } = this.#records!
    return new StreamHandle(portOf(this.place, 'late'), key, value)
  }

  override filter(keep: AnyFunction): TableHandle {
    return new WindowedTableHandle(super.filter(keep), this.#windows)
  }

  override map(change: AnyFunction, options: { as: AnyFormat }): TableHandle {
    return new WindowedTableHandle(super.map(change, options), this.#windows)
  }
}
