import { changes } from '../operators/changes.ts'
import { tableMap } from '../operators/table-map.ts'
import { type AnyFormat, type AnyFunction, Handle } from './handle.ts'
import { StreamHandle } from './stream-handle.ts'

export class TableHandle extends Handle {
  changes(): StreamHandle {
    return new StreamHandle(this.attach(changes()), this.key, this.value)
  }

  filter(keep: AnyFunction): TableHandle {
    const operator = tableMap('filterTable', (value, key) => (keep(value, key) ? value : null))
    return new TableHandle(this.attach(operator), this.key, this.value)
  }

  map(change: AnyFunction, options: { as: AnyFormat }): TableHandle {
    return new TableHandle(this.attach(tableMap('mapTable', change)), this.key, options.as)
  }
}
