import { whole } from '../formats.ts'
import { aggregate, counting } from '../operators/aggregate.ts'
import { type AnyFormat, type AnyFunction, Handle } from './handle.ts'
import { storeFacts } from './store-facts.ts'
import type { StoreOptions } from './stream.ts'
import { TableHandle } from './table-handle.ts'

export class GroupHandle extends Handle {
  #fold(
    store: ReturnType<typeof storeFacts>,
    kind: string,
    add: (state: unknown, value: unknown, key: unknown) => unknown,
  ) {
    return new TableHandle(this.attach(aggregate(store, { kind, add }), [], store.name), store.key, store.value)
  }

  count(name: string, options?: StoreOptions): TableHandle {
    return this.#fold(storeFacts(name, 'count', this.key, whole, options), 'count', counting.add)
  }

  reduce(name: string, combine: AnyFunction, options?: StoreOptions): TableHandle {
    const add = (state: unknown, value: unknown, key: unknown) =>
      state === undefined ? value : combine(state, value, key)
    return this.#fold(storeFacts(name, 'reduce', this.key, this.value!, options), 'reduce', add)
  }

  aggregate(name: string, how: { init: AnyFunction; add: AnyFunction; as: AnyFormat } & StoreOptions): TableHandle {
    const { init, add: fold, as } = how
    const add = (state: unknown, value: unknown, key: unknown) =>
      fold(state === undefined ? init(key) : state, value, key)
    return this.#fold(storeFacts(name, 'aggregate', this.key, as, how), 'aggregate', add)
  }
}
