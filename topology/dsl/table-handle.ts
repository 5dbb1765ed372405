import { changes } from '../operators/changes.ts'
import { tableJoin } from '../operators/table-join.ts'
import { tableFilter, tableMap } from '../operators/table-map.ts'
import { type AnyFormat, type AnyFunction, Handle } from './handle.ts'
import { StreamHandle } from './stream-handle.ts'

export class TableHandle extends Handle {
  changes(): StreamHandle {
    return new StreamHandle(this.attach(changes()), this.key, this.value)
  }

  filter(keep: AnyFunction): TableHandle {
    return new TableHandle(this.attach(tableFilter(keep, false)), this.key, this.value)
  }

  map(change: AnyFunction, options: { as: AnyFormat }): TableHandle {
    return new TableHandle(this.attach(tableMap(change)), this.key, options.as)
  }

  join(other: Handle, merge: AnyFunction, options: { as: AnyFormat; kind?: 'inner' | 'left' | 'outer' }): TableHandle {
    const place = this.attach(tableJoin(options.kind ?? 'inner', merge), [other])
    return new TableHandle(place, this.key, options.as)
  }
}
